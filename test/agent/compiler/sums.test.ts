import { beforeEach, expect, test, vi } from 'vitest';
import { type Graph, sortedNodes } from '../../../agent/compiler/graph.ts';
import { trace } from '../../../agent/compiler/trace.ts';
import { programsFor } from '../../../agent/programs.ts';
import { expectClose, load } from '../engines/engines-at-work.ts';
import { randomFeeds, tinyRecipe } from '../tiny.ts';

const pass = vi.hoisted(() => ({ on: true }));
vi.mock('../../../agent/compiler/sums.ts', async (original) => {
  const real = await original<typeof import('../../../agent/compiler/sums.ts')>();
  return {
    fuseSumsOfProducts: (graph: Graph) => (pass.on ? real.fuseSumsOfProducts(graph) : graph),
  };
});

beforeEach(() => {
  pass.on = true;
});

const recipe = tinyRecipe({ pathway: 'nac', steps: 6 });
const [B, N] = [3, 5];
const program = () => programsFor(recipe).gradients(B, B);

function products(on: boolean): number {
  pass.on = on;
  return sortedNodes(trace(program())).filter(({ op }) => op === 'Gemm').length;
}

test('the pass turns the weights’ gradients over T steps into one product each', () => {
  // There are two such sums, of the recurrent and of the time kernel; the accumulator's goes through its own weights.
  const [without, withPass] = [products(false), products(true)];
  expect(without - withPass).toBe(2 * (recipe.config.steps - 1));
});

test('results are the same with and without it', async () => {
  const { gradients: feeds } = randomFeeds(recipe, B, N, 7);
  const results = [];
  for (const on of [true, false]) {
    pass.on = on;
    results.push(await (await load('onnx', program())).run(feeds));
  }
  expectClose(results[0]!, results[1]!, { tolerance: 1e-6 });
});
