import * as tf from '../tf.ts';

/** `value` for what follows; its gradient is passed on to `x` through `back`. */
const inPlaceOf = (value: tf.Tensor, x: tf.Tensor, back: (dy: tf.Tensor) => tf.Tensor): tf.Tensor =>
  tf.customGrad(() => ({ value, gradFunc: back }))(x);

/**
 * `value`, known from an earlier pass with the same parameters to be what `x` is. As `x` itself is then not needed, a compiled
 * graph does not compute it; only the gradient goes that way.
 */
export const asKnown = (value: tf.Tensor, x: tf.Tensor): tf.Tensor =>
  inPlaceOf(value, x, (dy) => dy);

/** `value`, known in the same way to be relu(x). */
export const reluAsKnown = (value: tf.Tensor, x: tf.Tensor): tf.Tensor =>
  inPlaceOf(value, x, (dy) => tf.mul(dy, tf.step(value)));
