import { expect, test } from 'vitest';
import { drawWeightsFigure, type WeightCurves } from '../../src/render/weights-figure.ts';

/** A run whose accumulators go from 0 to the given weights. */
function result(
  agent: string,
  seed: number,
  weights: Record<string, readonly number[]>,
): WeightCurves {
  const learning = [0.5, 1].map((share) => ({
    frames: 1e6 * share,
    weights: Object.fromEntries(
      Object.entries(weights).map(([name, all]) => [name, all.map((weight) => share * weight)]),
    ),
  }));
  return { agent, seed, learning };
}

const lines = (svg: string, colour: string): number =>
  (svg.match(/<path aria-label="[^"]*" role="graphics-symbol"[^>]*>/g) ?? []).filter((path) =>
    path.includes(`stroke="${colour}"`),
  ).length;

test('a line for each weight, the clock in a colour of its own, a panel for each agent and seed', async () => {
  const svg = await drawWeightsFigure([
    result('nac', 1, { nac: [1, -1, 0] }),
    result('nac', 2, { nac: [1, -1, 0] }),
    result('clock', 1, { clock: [-1], nac: [1, 1] }),
  ]);
  expect(lines(svg, '#0072B2')).toBe(3 + 3 + 2);
  expect(lines(svg, '#D55E00')).toBe(1);
  for (const words of ['nac', 'clock', 'seed 1', 'seed 2']) {
    expect(svg).toContain(`>${words}</text>`);
  }
  expect(svg).not.toContain('NaN');
});

const dashed = (svg: string, dashes: string): number =>
  svg.split(`stroke-dasharray="${dashes}"`).length - 1;

test('exponents are dashed and gates dotted, on a scale that holds them, and the subtitle says so', async () => {
  const plain = await drawWeightsFigure([result('nac', 1, { nac: [1, -1] })]);
  expect([dashed(plain, '4,2'), dashed(plain, '1,2')]).toEqual([0, 0]);
  expect(plain).not.toMatch(/dashed|dotted/);
  const svg = await drawWeightsFigure([
    result('cell', 1, {
      cell: [1, -1, 0],
      'cell powers': [2, -3],
      'cell gate': [1],
      nac: [1, -1],
    }),
  ]);
  expect([dashed(svg, '4,2'), dashed(svg, '1,2')]).toEqual([2, 1]);
  expect(lines(svg, '#D55E00')).toBe(3 + 2 + 1);
  expect(lines(svg, '#0072B2')).toBe(2);
  for (const words of ["orange: the cell's", 'dashed: exponents', 'dotted: gates']) {
    expect(svg).toContain(words);
  }
});

test('each accumulator before the last is named with its own ending', async () => {
  const svg = await drawWeightsFigure([result('cell', 1, { clock: [1], cell: [1], nac: [1, -1] })]);
  expect(svg).toContain("orange: the clock's and the cell's");
});

test('of an accumulator with many weights, at most 48 are drawn', async () => {
  const many = Array.from({ length: 500 }, (_, i) => i / 500);
  const drawn = lines(await drawWeightsFigure([result('nac', 1, { nac: many })]), '#0072B2');
  expect(drawn).toBeGreaterThan(24);
  expect(drawn).toBeLessThanOrEqual(48);
});
