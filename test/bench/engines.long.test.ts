import { expect, test } from 'vitest';
import { engineFramesPerSecond } from '../../src/bench/engines.ts';
import { Yardstick } from '../../src/bench/matmul.ts';
import { formatBenchmarks } from '../../src/render/bench-table.ts';
import { timedGrid, tiny } from './tiny-training.ts';

test.each(['onnx', 'wasm', 'cpu'] as const)('%s acts and learns', async (engine) => {
  const result = await engineFramesPerSecond(
    engine,
    'small',
    timedGrid,
    { seconds: 0.01, repeats: 2 },
    tiny,
  );
  expect(result).toMatchObject({ engine, preset: 'small', worlds: 3, steps: 2 });
  expect(result.acting.runs).toHaveLength(2);
  expect(result.learning.runs).toHaveLength(2);
  expect(result.acting.min).toBeGreaterThan(0);
  expect(result.learning.min).toBeGreaterThan(0);
  expect(result.distinctShare).toBeGreaterThan(0);
  // Besides its own frames a rollout looks at those after it, and at the last of a truncated episode.
  expect(result.distinctShare).toBeLessThanOrEqual(2);
});

test('the yardstick is measured at least ten times at each call', async () => {
  const yardstick = await Yardstick.load('onnx');
  await yardstick.measure(0);
  await yardstick.measure(0);
  const { median, min, max } = yardstick.milliseconds;
  await yardstick.dispose();
  expect(min).toBeGreaterThan(0);
  expect(median).toBeGreaterThanOrEqual(min);
  expect(max).toBeGreaterThanOrEqual(median);
});

const machine = {
  cpu: 'Some CPU',
  cores: 2,
  platform: 'linux-x64',
  node: 'v20.1.0',
  timegrid: '1.2.3',
};

test('a table says what each figure is based on', () => {
  const around = (median: number) => ({ median, min: 0.5 * median, max: 2 * median, runs: [] });
  const of = { preset: 'a3c', worlds: 32, steps: 20, distinctShare: 0.4 } as const;
  const text = formatBenchmarks({
    machine,
    matmul: { engine: 'onnx', median: 1.06, min: 1.05, max: 1.1 },
    worlds: {
      ...{ id: 'TimedGrid-v0', options: { timing: 'exact' } },
      ...{ worlds: 32, pixels: [56, 56, 3], stepsPerSecond: around(1.2e6) },
    },
    slowWorlds: {
      ...{ worlds: 8, stepMilliseconds: 2, envWorkers: 2 },
      ...{ alone: around(500), shared: around(950) },
    },
    engines: [
      { engine: 'wasm', ...of, world: timedGrid, acting: around(3000), learning: around(2000) },
    ],
    training: [
      {
        ...{ engine: 'onnx', threads: 2, ...of, world: timedGrid },
        ...{ framesPerSecond: around(12_500), peakMemory: 437e6 },
      },
      {
        ...{ engine: 'onnx', threads: 2, ...of },
        world: { id: 'TimedGrid-v0', options: { pixels: 112, timing: 'exact' } },
        ...{ framesPerSecond: around(8000), peakMemory: 637e6 },
      },
    ],
  });
  expect(text).toMatchInlineSnapshot(`
    "timegrid 1.2.3, node 20.1.0, linux-x64, 2 × Some CPU
    yardstick: 1.06 ms (1.05–1.10) for a 256 × 256 × 256 float32 product, engine onnx, one thread; the README's figures are from a machine where it takes 0.2 ms

    TimedGrid-v0 timing=exact: 1.20 M (600 k–2.40 M) steps a second on one core; 32 worlds, all 56 × 56 pixels written at every step

    8 worlds whose steps compute for 2 ms: 500 (250–1.00 k) steps a second, and 950 (475–1.90 k) with --env-workers 2

    Frames a second in one thread, untrained agent with a NAC, TimedGrid-v0 (median, and least to most of the runs):
    preset  engine  acting                  learning                rollout  distinct
    a3c     wasm    3.00 k (1.50 k–6.00 k)  2.00 k (1.00 k–4.00 k)  32 × 20  40 %

    Frames a second of a whole training, worlds and all, engine onnx:
    preset  world                                 threads  training                rollout  distinct  peak memory
    a3c     TimedGrid-v0                          2        12.5 k (6.25 k–25.0 k)  32 × 20  40 %      437 MB
    a3c     TimedGrid-v0 pixels=112 timing=exact  2        8.00 k (4.00 k–16.0 k)  32 × 20  40 %      637 MB"
  `);
  expect(text).not.toContain('busy');
});

test('a table says when the machine was busy', () => {
  const text = formatBenchmarks({
    machine,
    matmul: { engine: 'onnx', median: 0.53, min: 0.5, max: 2 },
  });
  expect(text).toContain('busy');
});
