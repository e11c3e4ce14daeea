import seedrandom from 'seedrandom';
import { expect } from 'vitest';
import { compile } from '../../../agent/compiler/compile.ts';
import type { Program } from '../../../agent/compiler/program.ts';
import type { EngineName, Feeds, Results } from '../../../agent/engines/engine.ts';
import { loadEngine } from '../../../agent/engines/index.ts';
import * as tf from '../../../agent/tf.ts';

// The banner of TensorFlow.js has no place among test results.
tf.enableProdMode();

/** The engines that everyone has and that must agree; the first is the reference. */
export const COMPARED = ['cpu', 'onnx', 'wasm'] as const satisfies readonly EngineName[];

export { loadOn as load } from '../../../agent/engines/index.ts';

/** What a program computes on each of the engines, for each of the feeds. */
export async function runEverywhere(
  program: Program,
  feeds: readonly Feeds[],
): Promise<Record<(typeof COMPARED)[number], Results[]>> {
  const compiled = compile(program);
  const all = { cpu: [], onnx: [], wasm: [] } as Record<(typeof COMPARED)[number], Results[]>;
  for (const name of COMPARED) {
    const engine = await loadEngine(name);
    const runner = await (engine.kind === 'eager' ? engine.load(program) : engine.load(compiled));
    for (const feed of feeds) all[name].push(await runner.run(feed));
    await runner.dispose();
  }
  return all;
}

/** Fails unless every tensor differs from the expected one by at most `tolerance` of its largest element (or of `floor`). */
export function expectClose(
  actual: Results,
  expected: Results,
  { tolerance = 1e-5, floor = 1, what = '' } = {},
): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    expect(actual[name]!.length, `${what} ${name}: length`).toBe(values.length);
    let scale = floor;
    for (const value of values) scale = Math.max(scale, Math.abs(value));
    let worst = 0;
    for (const [i, value] of values.entries()) {
      const difference = Math.abs(actual[name]![i]! - value);
      worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
    }
    expect(worst / scale, `${what} ${name}: largest difference`).toBeLessThanOrEqual(tolerance);
  }
}

/** Seeded numbers, uniform in [low, high). */
export function numbers(seed: string | number) {
  const uniform = seedrandom(String(seed));
  return {
    uniform,
    floats: (length: number, low = -1, high = 1) =>
      Float32Array.from({ length }, () => low + (high - low) * uniform()),
    integers: (length: number, below: number) =>
      Int32Array.from({ length }, () => Math.floor(uniform() * below)),
    bytes: (length: number, below = 256) =>
      Uint8Array.from({ length }, () => Math.floor(uniform() * below)),
  };
}
