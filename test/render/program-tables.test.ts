import { expect, test } from 'vitest';
import type { RatedProgramsResult } from '../../src/bench/computing-rate.ts';
import { programTables } from '../../src/render/program-tables.ts';

const result: RatedProgramsResult = {
  ...{ engine: 'onnx', preset: 'small', worlds: 32, steps: 20 },
  world: { id: 'TimedGrid-v0', options: { pixels: 112 } },
  updates: { measured: 60, counted: 48 },
  programs: [
    {
      ...{ name: 'gradients', calls: 1, milliseconds: 31.6, gflop: 0.965, nodes: 1369 },
      dispatchMilliseconds: 6.84,
      rate: { gflopPerSecond: 30.5, yardstickShare: 0.19 },
    },
    {
      ...{ name: 'act', calls: 21.5, milliseconds: 6.45, gflop: 0.1, nodes: 666.5 },
      dispatchMilliseconds: -0.02,
      rate: null,
    },
  ],
  others: [
    { phase: 'acting', milliseconds: 6 },
    { phase: 'learning', milliseconds: 1.873 },
    { phase: 'optimising', milliseconds: 0.25 },
  ],
  whole: {
    ...{ calls: 22.5, milliseconds: 46.173, gflop: 1.065, nodes: 2035.5 },
    dispatchMilliseconds: 6.82,
    rate: { gflopPerSecond: 23.07, yardstickShare: 0.144 },
  },
  nodeKinds: [
    { op: 'Conv', nodes: 2, milliseconds: 8.3 },
    { op: 'Gemm', nodes: 150, milliseconds: 4.3 },
    { op: 'Neg', nodes: 3, milliseconds: 0.01 },
  ],
};

test('the tables give every part, the rest and the sum', () => {
  expect(programTables(result)).toMatchInlineSnapshot(`
    "An update in one thread, preset small, engine onnx, TimedGrid-v0 pixels=112, 32 × 20 frames (means of the middle 48 of 60).
    Dispatch is what calls take beyond their nodes' own time, in ms; the last column is the share of the yardstick's rate:
    program           ms     calls  ms a call  dispatch  nodes  GFLOP  GFLOP/s  yardstick
    gradients         31.60  1      31.60      6.84      1369   0.965  30.5     19 %
    act               6.45   21.5   0.30       −0.02     667    0.100  –        –
    rest of acting    6.00
    rest of learning  1.87
    optimiser         0.25
    sum               46.17  22.5              6.82      2036   1.065  23.1     14 %

    Its nodes by kind, timed by ONNX Runtime in updates of their own, as timing slows them down:
    kind  nodes  ms     share
    Conv  2      8.30   66 %
    Gemm  150    4.30   34 %
    Neg   3      0.01   1 %
    sum   155    12.61  100 %"
  `);
});

test('kinds of node beyond the first twelve are one line', () => {
  const nodeKinds = Array.from({ length: 15 }, (_, i) => ({
    ...{ op: `Op${i}`, nodes: 2, milliseconds: 15 - i },
  }));
  const lines = programTables({ ...result, nodeKinds })
    .split('\n')
    .slice(-3);
  expect(lines.map((line) => line.split(/\s{2,}/))).toEqual([
    ['Op11', '2', '4.00', '3 %'],
    ['3 others', '6', '6.00', '5 %'],
    ['sum', '30', '120.00', '100 %'],
  ]);
});

test('an engine that times no nodes says so in place of the second table', () => {
  const programs = result.programs.map((one) => ({
    ...one,
    ...{ nodes: null, dispatchMilliseconds: null },
  }));
  const text = programTables({ ...result, engine: 'wasm', programs, nodeKinds: null });
  expect(text).toMatch(/^gradients +31.60 +1 +31.60 +– +– +0.965/m);
  expect(text.split('\n\n')[1]).toBe(
    'The engine wasm does not time nodes, so dispatch and kinds of node are not known; onnx does.',
  );
});
