import * as tf from '../tf.ts';

/** The order of an LSTM's gates along its 4H pre-activations: input, forget, candidate, output. */
export const GATES = 4;

/**
 * One step of an LSTM (Hochreiter and Schmidhuber 1997, with forget gates).
 * @param drive what the inputs contribute to the gates, bias included: [batch, 4H]
 * @param kernel recurrent weights [H, 4H]
 * @param h previous output [batch, H]
 * @param c previous cell [batch, H]
 * @param keeps the greatest share of the cell that the forget gate can keep
 * @returns the next output and the next cell, side by side: [batch, 2H]
 */
export function lstmStep(
  drive: tf.Tensor2D,
  kernel: tf.Tensor2D,
  h: tf.Tensor2D,
  c: tf.Tensor2D,
  keeps = 1,
): tf.Tensor2D {
  return cellOfGates(tf.add(drive, tf.matMul(h, kernel)), c, keeps);
}

/**
 * Its gradient is written out, so that everything in it that does not depend on later steps is a factor of its own: a compiled graph
 * computes these for all steps of a rollout at once, and only six operations a step are left in the chain through time.
 * @returns [batch, 2H]
 */
const cellOfGates = (gates: tf.Tensor2D, c: tf.Tensor2D, keeps: number): tf.Tensor2D =>
  tf.customGrad((...given) => {
    const [gates, c, save] = given as [tf.Tensor2D, tf.Tensor2D, (tensors: tf.Tensor[]) => void];
    const [i, f, g, o] = tf.split(gates, GATES, 1) as tf.Tensor2D[];
    const [input, forget, output] = [tf.sigmoid(i!), tf.sigmoid(f!), tf.sigmoid(o!)];
    const candidate = tf.tanh(g!);
    const kept = atMost(keeps, c);
    const cell = tf.add(tf.mul(forget, kept), tf.mul(input, candidate));
    const shown = tf.tanh(cell);
    save([kept, input, forget, candidate, output, shown]);
    const value = tf.concat([tf.mul(output, shown), cell], 1);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => slopes(dy, saved, keeps) };
  })(gates, c) as tf.Tensor2D;

const atMost = (keeps: number, x: tf.Tensor): tf.Tensor => (keeps === 1 ? x : tf.mul(x, keeps));

function slopes(dy: tf.Tensor, saved: tf.Tensor[], keeps: number): tf.Tensor[] {
  const [kept, input, forget, candidate, output, shown] = saved as tf.Tensor2D[];
  const rest = (x: tf.Tensor): tf.Tensor => tf.sub(1, x);
  const slopeOfCell = tf.mul(output!, rest(tf.square(shown!)));
  const slopeOfGates = tf.concat(
    [
      tf.mul(candidate!, tf.mul(input!, rest(input!))),
      tf.mul(kept!, tf.mul(forget!, rest(forget!))),
      tf.mul(input!, rest(tf.square(candidate!))),
      tf.mul(shown!, tf.mul(output!, rest(output!))),
    ],
    1,
  );
  const [dShown, dCell] = tf.split(dy, 2, 1) as tf.Tensor2D[];
  const d = tf.add(dCell!, tf.mul(dShown!, slopeOfCell));
  return [
    tf.mul(tf.concat([d, d, d, dShown!], 1), slopeOfGates),
    atMost(keeps, tf.mul(d, forget!)),
  ];
}
