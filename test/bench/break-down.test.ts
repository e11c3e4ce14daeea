import { expect, test } from 'vitest';
import { breakDown, type UpdateTimes } from '../../src/bench/break-down.ts';
import { withRates } from '../../src/bench/computing-rate.ts';

/** An update that took so long: half of it in learning, and five milliseconds in the optimiser. */
const update = (milliseconds: number): UpdateTimes => [
  {
    ...{ phase: 'acting', milliseconds: milliseconds / 2 - 5 },
    uses: new Map([
      ['act', { calls: 4, milliseconds: 6, flops: 1e8 }],
      ['both', { calls: 1, milliseconds: 1, flops: 0 }],
    ]),
  },
  {
    ...{ phase: 'learning', milliseconds: milliseconds / 2 },
    uses: new Map([
      ['both', { calls: 2, milliseconds: 0.5, flops: 0 }],
      ['learn', { calls: 1, milliseconds: milliseconds / 4, flops: 3e9 }],
    ]),
  },
  { phase: 'optimising', milliseconds: 5, uses: new Map() },
];
const kinds = (of: Record<string, [nodes: number, milliseconds: number]>) =>
  new Map(
    Object.entries(of).map(([op, [nodes, milliseconds]]) => [op, { nodes, milliseconds }] as const),
  );

/** Of ten updates the shortest does not count, and the longest does not. */
const updates = [
  ...Array.from({ length: 4 }, () => update(40)),
  ...[update(30), update(500)],
  ...Array.from({ length: 4 }, () => update(80)),
];

test('an update is the mean of the middle ones, whose parts add up', () => {
  const untimed = { dispatchMilliseconds: null, nodes: null };
  expect(breakDown(updates, null)).toEqual({
    updates: { measured: 10, counted: 8 },
    programs: [
      { name: 'learn', calls: 1, milliseconds: 15, gflop: 3, ...untimed },
      { name: 'act', calls: 4, milliseconds: 6, gflop: 0.1, ...untimed },
      { name: 'both', calls: 3, milliseconds: 1.5, gflop: 0, ...untimed },
    ],
    others: [
      { phase: 'acting', milliseconds: 25 - 6 - 1 },
      { phase: 'learning', milliseconds: 30 - 15 - 0.5 },
      { phase: 'optimising', milliseconds: 5 },
    ],
    whole: { calls: 8, milliseconds: 60, gflop: 3.1, ...untimed },
    nodeKinds: null,
  });
});

test('dispatch is what a program takes beyond its nodes, which are added up by kind', () => {
  const { programs, whole, nodeKinds } = breakDown(
    updates,
    new Map([
      ['learn', kinds({ Gemm: [10, 9], Mul: [100, 2] })],
      ['act', kinds({ Gemm: [8, 3], Softmax: [4, 1] })],
    ]),
  );
  expect(
    programs.map(({ name, nodes, dispatchMilliseconds }) => [name, nodes, dispatchMilliseconds]),
  ).toEqual([
    ['learn', 110, 15 - 11],
    ['act', 12, 6 - 4],
    ['both', null, null],
  ]);
  expect(whole).toMatchObject({ nodes: 122, dispatchMilliseconds: 6 });
  expect(nodeKinds).toEqual([
    { op: 'Gemm', nodes: 10 + 8, milliseconds: 9 + 3 },
    { op: 'Mul', nodes: 100, milliseconds: 2 },
    { op: 'Softmax', nodes: 4, milliseconds: 1 },
  ]);
});

test('a program that was not timed has no dispatch, and does not count in that of the whole', () => {
  const profiles = new Map([['learn', kinds({ Gemm: [10, 9] })]]);
  const { programs, whole } = breakDown(updates, profiles);
  expect(programs[1]).toMatchObject({ name: 'act', nodes: null, dispatchMilliseconds: null });
  expect(whole).toMatchObject({ nodes: 10, dispatchMilliseconds: 6 });
});

test('a rate is a share of the yardstick’s', () => {
  const of = { worlds: 32, steps: 20, engine: 'onnx', preset: 'small' } as const;
  const world = { id: 'TimedGrid-v0', options: {} };
  // 2 · 256³ operations in 0.33554432 ms are 100 GFLOP/s.
  const { programs, whole } = withRates({ ...of, world, ...breakDown(updates, null) }, 0.33554432);
  expect(programs[0]!.rate!.gflopPerSecond).toBeCloseTo(200);
  expect(programs[0]!.rate!.yardstickShare).toBeCloseTo(2);
  expect(programs[2]).toMatchObject({ name: 'both', rate: null });
  expect(whole.rate!.yardstickShare).toBeCloseTo(3.1 / 6);
});
