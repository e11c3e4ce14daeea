import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { measurePrograms } from '../../src/bench/programs.ts';
import { timedGrid, tiny } from './tiny-training.ts';

const measure = (engine: 'onnx' | 'wasm' | 'cpu') =>
  measurePrograms({ engine, preset: 'small', world: timedGrid, seconds: 0.01, config: tiny });

test.each(['onnx', 'wasm', 'cpu'] as const)('an update of %s is taken apart', async (engine) => {
  const { programs, whole, updates, others, nodeKinds, ...rest } = await measure(engine);
  expect(rest).toEqual({ engine, preset: 'small', world: timedGrid, worlds: 3, steps: 2 });
  expect(nodeKinds === null).toBe(engine !== 'onnx');
  expect(updates.measured).toBeGreaterThanOrEqual(updates.counted);
  const of = (name: string) => programs.find((one) => one.name === name)!;
  expect(of('gradients').calls).toBe(1);
  // Every step, the value of what comes after the last, and that of truncated episodes.
  expect(of('act').calls).toBeGreaterThanOrEqual(3);
  expect(of('gradients').gflop).toBeGreaterThan(0);
  const sum = (key: 'calls' | 'milliseconds' | 'gflop') =>
    programs.reduce((total, part) => total + part[key], 0);
  expect(whole.calls).toBeCloseTo(sum('calls'), 9);
  expect(whole.gflop).toBeCloseTo(sum('gflop'), 9);
  const rests = others.reduce((total, { milliseconds }) => total + milliseconds, 0);
  expect(whole.milliseconds).toBeCloseTo(sum('milliseconds') + rests, 6);
  expect(others.map(({ phase }) => phase)).toEqual(['acting', 'learning', 'optimising']);
  for (const { milliseconds } of others) expect(milliseconds).toBeGreaterThan(0);
});

test('ONNX Runtime times nodes, and leaves nothing behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'timegrid-bench-'));
  vi.stubEnv('TMPDIR', folder);
  const { programs, nodeKinds, whole } = await measure('onnx');
  for (const { nodes } of programs) expect(nodes).toBeGreaterThan(0);
  expect(nodeKinds!.map(({ op }) => op)).toEqual(expect.arrayContaining(['Gemm', 'Softmax']));
  const nodes = nodeKinds!.reduce((sum, kind) => sum + kind.nodes, 0);
  expect(nodes).toBeCloseTo(whole.nodes!, 6);
  expect(readdirSync(folder)).toEqual([]);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('other engines say that they do not', async () => {
  const { programs, nodeKinds } = await measure('wasm');
  expect(nodeKinds).toBeNull();
  expect(programs.map(({ nodes }) => nodes)).toEqual(programs.map(() => null));
});
