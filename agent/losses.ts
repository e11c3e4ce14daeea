import * as tf from './tf.ts';

/** The three terms of the actor-critic loss, each a sum over steps. */
export interface LossTerms {
  policy: tf.Scalar;
  value: tf.Scalar;
  entropy: tf.Scalar;
}

/**
 * Advantage actor-critic (Mnih et al. 2016, section 4):
 *   policy  = −Σ log π(a|s) · A      value = Σ (R − V(s))²      entropy = −Σ Σₐ π(a|s) log π(a|s)
 * Advantages and returns are constants here.
 * @param logits [n, actions]
 * @param values [n]
 * @param actions int32 [n], the action taken
 * @param advantages [n]
 * @param returns [n]
 */
export function actorCriticLoss(
  logits: tf.Tensor2D,
  values: tf.Tensor1D,
  actions: tf.Tensor1D,
  advantages: tf.Tensor1D,
  returns: tf.Tensor1D,
): LossTerms {
  const logProbabilities = tf.logSoftmax(logits);
  const taken = tf.oneHot(actions, logits.shape[1], 1, 0, 'float32');
  const logTaken = tf.sum(tf.mul(logProbabilities, taken), 1);
  return {
    policy: tf.neg(tf.sum(tf.mul(logTaken, advantages))),
    value: tf.sum(tf.square(tf.sub(returns, values))),
    entropy: tf.neg(tf.sum(tf.mul(tf.exp(logProbabilities), logProbabilities))),
  };
}

/**
 * How badly events tell which steps were rewarded: the sum of −log p of what was (reward prediction, Jaderberg et al. 2017, section 3.2).
 * Zero where no step was rewarded: events are then learned by what comes of them alone.
 * @param logOdds [n, events]
 * @param rewarded [n], 1 where a step was rewarded, 0 where not, −1 where that is unknown
 */
export function rewardPredictionLoss(logOdds: tf.Tensor2D, rewarded: tf.Tensor1D): tf.Scalar {
  const label = tf.expandDims(rewarded, 1);
  const unlikely = tf.log(tf.add(1, tf.exp(tf.neg(tf.abs(logOdds)))));
  const surprise = tf.sub(tf.add(tf.relu(logOdds), unlikely), tf.mul(logOdds, label));
  const isAnyRewarded = tf.step(tf.sum(tf.relu(rewarded)));
  return tf.mul(tf.sum(tf.mul(surprise, tf.step(tf.add(label, 0.5)))), isAnyRewarded);
}
