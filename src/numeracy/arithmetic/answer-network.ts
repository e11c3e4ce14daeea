import { loadOn } from '../../../agent/engines/index.ts';
import { answerProgram } from '../../../agent/model-batch.ts';
import type { ArithmeticNetwork } from './networks.ts';
import type { SampleForm } from './problem.ts';

/**
 * What copies of a network answer to the same samples, which it reads step by step.
 * @param parameters of all copies, as the training saves them
 * @param x [N, T, I]
 * @returns [N] for each copy
 */
export async function answersOfNetwork(
  network: ArithmeticNetwork,
  { inputs }: SampleForm,
  parameters: Float32Array,
  M: number,
  x: Float32Array,
  steps: number,
): Promise<Float32Array[]> {
  const { parameters: specs, state } = network;
  const width = inputs + state;
  const N = x.length / (steps * inputs);
  const load = (what: string, width: number, apply: typeof network.answer) =>
    loadOn('onnx', answerProgram(what, specs, M, width, apply));
  const advance = await load('arithmetic step', width, network.advance);
  const answer = await load('arithmetic', network.hidden, network.answer);
  try {
    let h: Float32Array = new Float32Array(M * N * state);
    const step = new Float32Array(M * N * width);
    for (let t = 0; t < steps; t += 1) {
      for (let row = 0; row < M * N; row += 1) {
        const sample = ((row % N) * steps + t) * inputs;
        for (let i = 0; i < inputs; i += 1) step[row * width + i] = x[sample + i]!;
        for (let i = 0; i < state; i += 1) step[row * width + inputs + i] = h[row * state + i]!;
      }
      h = (await advance.run({ parameters, x: step })).y!;
    }
    const { y } = await answer.run({ parameters, x: h });
    return Array.from({ length: M }, (_, m) => y!.slice(m * N, (m + 1) * N));
  } finally {
    await Promise.all([advance.dispose(), answer.dispose()]);
  }
}
