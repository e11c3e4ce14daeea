import { expect, test } from 'vitest';
import { joinProfiles, nodeTimes } from '../../src/bench/node-times.ts';

const node = (op_name: string, dur: number) => ({
  ...{ name: `${op_name}_1_kernel_time`, dur },
  args: { op_name },
});
/** What ONNX Runtime writes around the nodes of every run. */
const end = [
  { name: 'SequentialExecutor::Execute', dur: 999, args: {} },
  { name: 'model_run', dur: 1999 },
];
const profile = [
  { name: 'session_initialization', dur: 9999 },
  ...[node('Gemm', 500), node('Mul', 100), ...end],
  ...[node('Gemm', 40), node('Mul', 3), node('Mul', 4), ...end],
  ...[node('Gemm', 60), node('Mul', 0), node('Mul', 5), ...end],
];

test('the nodes of all runs are added up by operation', () => {
  const { runs, kinds } = nodeTimes(profile);
  expect(runs).toBe(3);
  expect([...kinds]).toEqual([
    ['Gemm', { nodes: 3, milliseconds: 0.5 + 0.04 + 0.06 }],
    ['Mul', { nodes: 5, milliseconds: expect.closeTo(0.112, 9) }],
  ]);
});

test('the first runs do not count', () => {
  const { runs, kinds } = nodeTimes(profile, 1);
  expect(runs).toBe(2);
  expect([...kinds]).toEqual([
    ['Gemm', { nodes: 2, milliseconds: 0.1 }],
    ['Mul', { nodes: 4, milliseconds: expect.closeTo(0.012, 9) }],
  ]);
  expect(nodeTimes(profile, 3)).toEqual({ runs: 0, kinds: new Map() });
});

test('two sessions of one name are one program', () => {
  const joined = joinProfiles([
    ['first', nodeTimes(profile, 1)],
    ['second', nodeTimes(profile, 2)],
    ['first', nodeTimes(profile, 2)],
  ]);
  expect(joined.get('second')).toEqual(nodeTimes(profile, 2));
  expect(joined.get('first')!.runs).toBe(3);
  expect(joined.get('first')!.kinds.get('Gemm')).toEqual({
    nodes: 3,
    milliseconds: expect.closeTo(0.16, 9),
  });
});
