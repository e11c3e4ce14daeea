import type { Program } from '../../agent/compiler/program.ts';
import { loadOn } from '../../agent/engines/index.ts';

/**
 * What each copy of a model answers to its own inputs.
 * @param program of `answerProgram`, with one number as the answer
 * @param parameters of all copies, as `adamTraining` saves them
 * @param x for each copy, [N, I]
 * @param atOnce rows of each copy that are answered together, a divisor of N; all by default
 * @returns for each copy, [N]
 */
export async function answersOf(
  program: Program,
  parameters: Float32Array,
  x: readonly Float32Array[],
  inputs: number,
  atOnce = x[0]!.length / inputs,
): Promise<Float32Array[]> {
  const rows = x[0]!.length / inputs;
  const size = atOnce * inputs;
  const runner = await loadOn('onnx', program);
  const answers = x.map(() => new Float32Array(rows));
  const chunk = new Float32Array(x.length * size);
  try {
    for (let row = 0; row < rows; row += atOnce) {
      for (const [m, own] of x.entries()) {
        chunk.set(own.subarray(row * inputs, row * inputs + size), m * size);
      }
      const { y } = await runner.run({ parameters, x: chunk });
      for (const [m, own] of answers.entries()) {
        own.set(y!.subarray(m * atOnce, (m + 1) * atOnce), row);
      }
    }
    return answers;
  } finally {
    await runner.dispose();
  }
}
