import * as tf from '../tf.ts';

/**
 * 1 where x is above zero, else 0. Gradients pass as through 2 tanh(x / 2): most where x is near zero, and wherever it is
 * (the straight-through estimator of Bengio et al. 2013).
 */
export const fires = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.customGrad((value, save) => {
    const input = value as tf.Tensor;
    (save as (tensors: tf.Tensor[]) => void)([input]);
    return {
      value: tf.step(input),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const slope = tf.tanh(tf.div(saved[0]!, 2));
        return tf.mul(dy, tf.sub(1, tf.square(slope)));
      },
    };
  })(x) as tf.Tensor2D;
