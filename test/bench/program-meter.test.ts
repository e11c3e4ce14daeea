import { expect, test } from 'vitest';
import { compile } from '../../agent/compiler/compile.ts';
import type { Program, TensorSpec } from '../../agent/compiler/program.ts';
import type { Engine, Runner } from '../../agent/engines/engine.ts';
import * as tf from '../../agent/tf.ts';
import { ProgramMeter } from '../../src/bench/program-meter.ts';

const float = (...shape: TensorSpec['shape']): TensorSpec => ({ shape, dtype: 'float32' });

/** Two operations for each of 3 · 4 weights a row. */
const rows: Program = {
  name: 'rows',
  inputs: { w: float(3, 4), x: float('N', 3) },
  outputs: ['y'],
  run: ({ w, x }) => ({ y: tf.matMul(x!, w!) }),
};
/** Six operations. */
const fixed: Program = {
  name: 'fixed',
  inputs: { x: float(6) },
  outputs: ['y'],
  run: ({ x }) => ({ y: tf.tanh(x!) }),
};
const w = new Float32Array(12);
const ofRows = (N: number) => ({ w, x: new Float32Array(3 * N) });

/** An engine whose every call takes what it is told, and a clock to measure it by. */
function slowEngine(kind: Engine['kind']) {
  const clock = { now: 1000, next: 0 };
  const disposed: string[] = [];
  const load = async ({ name }: { name: string }): Promise<Runner> => ({
    async run(_, into = {}) {
      clock.now += clock.next;
      return { y: into.y ?? Float32Array.of(7) };
    },
    dispose: async () => void disposed.push(name),
  });
  return { engine: { kind, load } as Engine, clock, disposed };
}

async function loadOn(engine: Engine, program: Program): Promise<Runner> {
  return engine.kind === 'eager' ? engine.load(program) : engine.load(compile(program));
}

test.each(['graph', 'eager'] as const)(
  'a meter of a %s engine adds up what is called',
  async (kind) => {
    const { engine, clock, disposed } = slowEngine(kind);
    const meter = new ProgramMeter(engine, () => clock.now);
    const several = await loadOn(meter.engine, rows);
    const one = await loadOn(meter.engine, fixed);
    for (const [N, milliseconds] of [
      [2, 5],
      [10, 8],
    ] as const) {
      clock.next = milliseconds;
      await several.run(ofRows(N));
    }
    clock.next = 0.5;
    const into = { y: new Float32Array(6) };
    expect((await one.run({ x: new Float32Array(6) }, into)).y).toBe(into.y);

    expect([...meter.take()]).toEqual([
      ['rows', { calls: 2, milliseconds: 13, flops: (2 + 10) * 2 * 3 * 4 }],
      ['fixed', { calls: 1, milliseconds: 0.5, flops: 6 }],
    ]);
    await one.run({ x: new Float32Array(6) });
    expect([...meter.take().keys()]).toEqual(['fixed']);
    expect(meter.take().size).toBe(0);
    expect(meter.callsOfEach).toEqual([2, 2]);
    await meter.dispose();
    expect(disposed).toEqual(['rows', 'fixed']);
  },
);

test('programs of one name count as one', async () => {
  const { engine, clock } = slowEngine('graph');
  const meter = new ProgramMeter(engine, () => clock.now);
  clock.next = 2;
  for (let i = 0; i < 3; i++) await (await loadOn(meter.engine, rows)).run(ofRows(1));
  expect(meter.take().get('rows')).toEqual({ calls: 3, milliseconds: 6, flops: 3 * 24 });
  expect(meter.callsOfEach).toEqual([1, 1, 1]);
});
