import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Program } from '../../agent/compiler/program.ts';
import * as tf from '../../agent/tf.ts';
import { expectClose, runEverywhere } from './engines/engines-at-work.ts';

const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
// Imported after ours, as a user's cell is.
const own = await import('@tensorflow/tfjs-core');

type Own = import('@tensorflow/tfjs-core').Tensor;
/** A cell of an author who imports a TensorFlow.js of their own. */
const cell = (x: unknown) => own.tidy(() => own.sum(own.mul(own.tanh(x as Own), 2)));

beforeAll(async () => {
  await tf.setBackend('cpu');
  // The user's package registers the same kernels once more.
  await import('@tensorflow/tfjs-backend-cpu');
});

afterAll(() => warn.mockRestore());

test("a user's own TensorFlow.js is another copy that shares the engine", () => {
  expect(own.sin).not.toBe(tf.sin);
  expect(own.engine()).toBe(tf.engine());
  expect(own.getBackend()).toBe('cpu');
  expect(own.tensor([1])).toBeInstanceOf(tf.Tensor);
  // As tfjs-node registers its backend.
  own.registerBackend('theirs', () => own.engine().backend);
  expect(tf.engine().backendNames()).toContain('theirs');
  tf.removeBackend('theirs');
  expect(warn).not.toHaveBeenCalled();
});

test("a cell in a user's own TensorFlow.js has gradients, and compiles", async () => {
  const program: Program = {
    name: 'own',
    inputs: { x: { shape: ['N'], dtype: 'float32' } },
    outputs: ['y', 'gradient'],
    run: ({ x }) => {
      const loss = (x: tf.Tensor) => cell(x) as unknown as tf.Tensor;
      return { y: loss(x!), gradient: tf.grad(loss)(x!) };
    },
  };
  const x = Float32Array.of(-1, 0, 0.5, 2);
  const { cpu, onnx } = await runEverywhere(program, [{ x }]);
  expectClose(cpu[0]!, {
    y: Float32Array.of(x.reduce((sum, v) => sum + 2 * Math.tanh(v), 0)),
    gradient: x.map((v) => 2 - 2 * Math.tanh(v) ** 2),
  });
  expectClose(onnx[0]!, cpu[0]!);
});

test('operations can be chained as methods', () => {
  expect(tf.tidy(() => tf.tensor1d([1, 4]).sqrt().sum().dataSync()[0])).toBe(3);
});
