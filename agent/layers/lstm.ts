import * as tf from '../tf.ts';

/** The order of an LSTM's gates along its 4H pre-activations: input, forget, candidate, output. */
export const GATES = 4;

/**
 * One step of an LSTM (Hochreiter and Schmidhuber 1997, with forget gates).
 * @param drive what the inputs contribute to the gates, bias included: [batch, 4H]
 * @param kernel recurrent weights [H, 4H]
 * @param h previous output [batch, H]
 * @param c previous cell [batch, H]
 */
export function lstmStep(
  drive: tf.Tensor2D,
  kernel: tf.Tensor2D,
  h: tf.Tensor2D,
  c: tf.Tensor2D,
): { h: tf.Tensor2D; c: tf.Tensor2D } {
  const gates = tf.add(drive, tf.matMul(h, kernel));
  const [input, forget, candidate, output] = tf.split(gates, GATES, 1) as tf.Tensor2D[];
  const cell: tf.Tensor2D = tf.add(
    tf.mul(tf.sigmoid(forget!), c),
    tf.mul(tf.sigmoid(input!), tf.tanh(candidate!)),
  );
  return { h: tf.mul(tf.sigmoid(output!), tf.tanh(cell)), c: cell };
}
