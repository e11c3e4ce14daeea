import type { Program } from '../../agent/compiler/program.ts';
import { loadOn } from '../../agent/engines/index.ts';

/**
 * What each copy of a model answers to the same inputs.
 * @param program of `answerProgram`
 * @param parameters of all copies, as `adamTraining` saves them
 * @param x inputs of one copy, row by row
 * @returns for each copy, its answers row by row
 */
export async function answersOf(
  program: Program,
  parameters: Float32Array,
  x: Float32Array,
  copies: number,
): Promise<Float32Array[]> {
  const runner = await loadOn('onnx', program);
  try {
    const all = new Float32Array(copies * x.length);
    for (let m = 0; m < copies; m += 1) all.set(x, m * x.length);
    const { y } = await runner.run({ parameters, x: all });
    const size = y!.length / copies;
    return Array.from({ length: copies }, (_, m) => y!.slice(m * size, (m + 1) * size));
  } finally {
    await runner.dispose();
  }
}
