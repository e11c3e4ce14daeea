import { expect, test } from 'vitest';
import { nodesOfMiddle, profiledRuns } from '../../src/bench/node-times.ts';

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

test('a profile is read run by run, its nodes added up by operation', () => {
  const runs = profiledRuns('learn', [...profile, node('Gemm', 7)]);
  expect(runs.map(({ program, kinds }) => [program, ...kinds])).toEqual([
    ['learn', ['Gemm', { nodes: 1, milliseconds: 0.5 }], ['Mul', { nodes: 1, milliseconds: 0.1 }]],
    [
      'learn',
      ['Gemm', { nodes: 1, milliseconds: 0.04 }],
      ['Mul', { nodes: 2, milliseconds: 0.007 }],
    ],
    [
      'learn',
      ['Gemm', { nodes: 1, milliseconds: 0.06 }],
      ['Mul', { nodes: 2, milliseconds: 0.005 }],
    ],
  ]);
});

test('the middle updates count, and all runs of a program in them, without what timing adds', () => {
  const run = (program: string, milliseconds: number) => ({
    program,
    kinds: new Map([['Gemm', { nodes: 3, milliseconds }]]),
  });
  const updates = [
    [run('act', 0), run('learn', 1)],
    ...Array.from({ length: 8 }, () => [
      ...[run('act', 4), run('act', 9), run('learn', 10)],
      // Half a millisecond a node.
      run('idle', 1.5),
    ]),
    [run('act', 90), run('learn', 1000)],
  ];
  expect(nodesOfMiddle(updates, 'idle')).toEqual(
    new Map([
      ['act', new Map([['Gemm', { nodes: 6, milliseconds: 13 - 6 * 0.5 }]])],
      ['learn', new Map([['Gemm', { nodes: 3, milliseconds: 10 - 3 * 0.5 }]])],
    ]),
  );
});
