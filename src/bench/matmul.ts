import { compile } from '../../agent/compiler/compile.ts';
import type { Program, TensorSpec } from '../../agent/compiler/program.ts';
import type { EngineName, Runner } from '../../agent/engines/engine.ts';
import { loadEngine } from '../../agent/engines/index.ts';
import * as tf from '../../agent/tf.ts';
import { middle, type Spread, spread } from './measure.ts';

/** Milliseconds that the yardstick takes on the machine of the README's figures. */
export const REFERENCE_MILLISECONDS = 0.2;

const SIZE = 256;
/** Floating-point operations of the yardstick's product. */
export const YARDSTICK_FLOPS = 2 * SIZE ** 3;
const matrix: TensorSpec = { shape: [SIZE, SIZE], dtype: 'float32' };

const product: Program = {
  name: 'yardstick',
  inputs: { a: matrix, b: matrix },
  outputs: ['product'],
  run: ({ a, b }) => ({ product: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D) }),
};

/** The product of two float32 matrices of 256 × 256 in one thread: how fast this machine computes. */
export class Yardstick {
  readonly #runner: Runner;
  readonly #feeds: { a: Float32Array; b: Float32Array };
  readonly #into = { product: new Float32Array(SIZE * SIZE) };
  readonly #milliseconds: number[] = [];

  private constructor(runner: Runner) {
    this.#runner = runner;
    const numbers = (): Float32Array =>
      Float32Array.from({ length: SIZE * SIZE }, (_, i) => (i % 7) - 3);
    this.#feeds = { a: numbers(), b: numbers() };
  }

  /** @throws EngineUnavailable */
  static async load(engineName: EngineName): Promise<Yardstick> {
    const engine = await loadEngine(engineName);
    const runner =
      engine.kind === 'eager' ? await engine.load(product) : await engine.load(compile(product));
    return new Yardstick(runner);
  }

  /** Measures for so many seconds, at least ten times. */
  async measure(seconds: number): Promise<void> {
    await this.#runner.run(this.#feeds, this.#into);
    const end = performance.now() + 1000 * seconds;
    for (let calls = 0; calls < 10 || performance.now() < end; calls++) {
      const start = performance.now();
      await this.#runner.run(this.#feeds, this.#into);
      this.#milliseconds.push(performance.now() - start);
    }
  }

  /** Milliseconds of a product over all that was measured, but for the fastest and the slowest tenth. */
  get milliseconds(): Omit<Spread, 'runs'> {
    const sorted = this.#milliseconds.toSorted((a, b) => a - b);
    const { median, min, max } = spread(middle(sorted));
    return { median, min, max };
  }

  dispose(): Promise<void> {
    return this.#runner.dispose();
  }
}
