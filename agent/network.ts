import { type AgentConfig, ConfigError, type WorldShape } from './config.ts';
import { convolve } from './encoder/convolve.ts';
import {
  afterDense,
  type EncoderShapes,
  encoderParameters,
  encoderShapes,
} from './encoder/shapes.ts';
import { constant, orthogonal } from './initializers.ts';
import { GATES, lstmStep } from './layers/lstm.ts';
import { precomputed } from './layers/precomputed.ts';
import { denseOverPictures, keptSize } from './layers/several-pictures.ts';
import { layoutOf, type ParameterLayout, type ParameterSpec } from './parameters.ts';
import { createPathway } from './pathways/configure.ts';
import { joined } from './pathways/joined.ts';
import type { Pathway, Seen } from './pathways/pathway.ts';
import * as tf from './tf.ts';

export type Parameters = Record<string, tf.Tensor>;

/** One step of the recurrent core: its outputs and the next state. */
export interface StepOutput {
  /** [batch, actions] */
  logits: tf.Tensor2D;
  /** [batch] */
  value: tf.Tensor1D;
  /** [batch, stateSize]: see `Network.stateSize`. */
  state: tf.Tensor2D;
  /** [batch, predictions], log-odds that the step before was rewarded; null where the pathway does not predict rewards. */
  rewarded: tf.Tensor2D | null;
}

/**
 * The agent's network for one world: convolutions → dense → [pathway features] → LSTM → policy and
 * value (Mnih et al. 2016, section 5; Trask et al. 2018, section 4.5).
 *
 * It comes in two halves. `encode` sees only pixels, so each distinct frame passes through it once;
 * `unroll` is everything that depends on time.
 */
export interface Network {
  readonly parameters: readonly ParameterSpec[];
  readonly layout: ParameterLayout;
  /** The half that sees only pixels. */
  readonly encoder: EncoderShapes;
  readonly encoderNames: readonly string[];
  readonly coreNames: readonly string[];
  readonly accumulators: Pathway['accumulators'];
  /** How much the prediction of rewards weighs in the loss. */
  readonly rewardPrediction: number;
  /**
   * Numbers S of the recurrent state: the LSTM's output and cell, what the pathway carries, what the dense layer keeps of earlier
   * pictures, and one for each action where the pathway is told the last.
   */
  readonly stateSize: number;
  /** How many of these stand for the last action, at the end: whoever chooses it writes it there (`rememberActions`). */
  readonly actionSlots: number;
  /** Numbers that `encode` makes of a frame, see `EncoderShapes`. */
  readonly driveSize: number;
  /** @param pixels int32 [frames, height, width, channels] of 0..255 @returns [frames, driveSize] */
  encode(parameters: Parameters, pixels: tf.Tensor4D): tf.Tensor2D;
  /**
   * The recurrent core over T steps. The state is set to zero wherever an episode starts.
   * @param drives T × [batch, driveSize] from `encode`
   * @param instructions T × [batch, k]; null where k is zero
   * @param starts T × [batch, 1], one where an episode starts at that step, else zero
   * @param states T' × [batch, stateSize]: the state before the first step, and those before further ones where an earlier pass with the
   *   same parameters has computed them; gradients pass through all the same, but no step then waits for the one before
   * @param dropped T × [batch, 1], one where the LSTM loses its state before that step, else zero
   * @returns logits, values and predictions of all steps, [T·batch, …] with the batch innermost, and the last state
   */
  unroll(
    parameters: Parameters,
    drives: readonly tf.Tensor2D[],
    instructions: readonly tf.Tensor2D[] | null,
    starts: readonly tf.Tensor2D[],
    states: readonly tf.Tensor2D[],
    dropped?: readonly tf.Tensor2D[] | null,
  ): StepOutput;
}

/** @throws ConfigError where the network does not fit the world, with the numbers. */
export function createNetwork(config: AgentConfig, world: WorldShape): Network {
  if (world.actions < 2) {
    throw new ConfigError(
      `the world offers ${world.actions} action, which leaves nothing to choose: an agent needs at least 2`,
    );
  }
  const H = config.lstm;
  const pathway = createPathway(config, world.instruction, world.actions);
  const sight = pathway.sightSize ?? 0;
  const actionSlots = sight > 0 ? world.actions : 0;
  const encoder = encoderShapes(config, world, sight);
  const { featureSize } = pathway;
  const { dense, pictures } = config;
  const core: ParameterSpec[] = [
    ...(pictures > 1 ? afterDense(dense, GATES * H + sight) : []),
    ...pathway.parameters,
    ...(featureSize > 0
      ? [{ name: 'lstm/time_kernel', shape: [featureSize, GATES * H], initial: orthogonal(1) }]
      : []),
    { name: 'lstm/recurrent_kernel', shape: [H, GATES * H], initial: orthogonal(1) },
    { name: 'policy/kernel', shape: [H, world.actions], initial: orthogonal(0.01) },
    { name: 'policy/bias', shape: [world.actions], initial: constant(0) },
    { name: 'value/kernel', shape: [H, 1], initial: orthogonal(1) },
    { name: 'value/bias', shape: [1], initial: constant(0) },
  ];
  const parameters = [...encoderParameters(encoder), ...core];
  const S = pathway.state.length;
  const earlierSize = keptSize(pictures, dense);
  const parts = Object.entries({
    h: H,
    c: H,
    memory: S,
    earlier: earlierSize,
    lastAction: actionSlots,
  });
  const present = parts.filter(([, size]) => size > 0);
  const sizes = present.map(([, size]) => size);

  /** A state's parts by name; those of no size are left out. */
  const partsOf = (state: tf.Tensor2D): Record<string, tf.Tensor2D> => {
    const each = tf.split(state, sizes, 1) as tf.Tensor2D[];
    return Object.fromEntries(present.map(([name], i) => [name, each[i]!]));
  };
  /** What encoding made of a frame, and what is kept of those before → the LSTM's drive, and what to keep. */
  const drivenBy = (
    p: Parameters,
    encoded: tf.Tensor2D,
    earlier: tf.Tensor2D | undefined,
  ): [tf.Tensor2D, tf.Tensor2D | null] => {
    if (!earlier) return [encoded, null];
    const sum = denseOverPictures(encoded, earlier, p['dense/bias']!);
    return [tf.add(tf.matMul(sum.dense, p['lstm/frame_kernel']!), p['lstm/bias']!), sum.kept];
  };

  /** What a picture contributes to the gates, and what the pathway sees in it. */
  const look = (
    drive: tf.Tensor2D,
    lastAction: tf.Tensor2D | undefined,
  ): [tf.Tensor2D, Seen | null] => {
    if (!lastAction) return [drive, null];
    const [driven, seen] = tf.split(drive, [GATES * H, sight], 1) as [tf.Tensor2D, tf.Tensor2D];
    return [driven, { sight: seen, lastAction }];
  };
  const noAction = (like: tf.Tensor2D): tf.Tensor2D | null =>
    actionSlots > 0 ? tf.zeros([like.shape[0], actionSlots]) : null;

  return {
    parameters,
    layout: layoutOf(parameters),
    encoderNames: encoderParameters(encoder).map(({ name }) => name),
    coreNames: core.map(({ name }) => name),
    accumulators: pathway.accumulators,
    rewardPrediction: pathway.rewardPrediction ?? 0,
    stateSize: sizes.reduce((sum, size) => sum + size, 0),
    actionSlots,
    driveSize: encoder.driveSize,
    encoder,

    encode(p, pixels) {
      return convolve(encoder, p, pixels).drive as tf.Tensor2D;
    },

    unroll(p, drives, instructions, starts, states, dropped) {
      const outputs: tf.Tensor2D[] = [];
      const predictions: tf.Tensor2D[] = [];
      let current = states[0]!;
      for (const [t, encoded] of drives.entries()) {
        if (t > 0 && states[t]) current = precomputed(states[t], current) as tf.Tensor2D;
        const kept = tf.mul(current, tf.sub(1, starts[t]!)) as tf.Tensor2D;
        const { h, c, memory = null, earlier, lastAction } = partsOf(kept);
        const [drive, nextEarlier] = drivenBy(p, encoded, earlier);
        const [driven, seen] = look(drive, lastAction);
        const time = pathway.apply(p, instructions?.[t] ?? null, memory, seen);
        const gates: tf.Tensor2D = time.features
          ? tf.add(driven, tf.matMul(time.features, p['lstm/time_kernel'] as tf.Tensor2D))
          : driven;
        const remembered = (x: tf.Tensor2D): tf.Tensor2D =>
          dropped ? tf.mul(x, tf.sub(1, dropped[t]!)) : x;
        const kernel = p['lstm/recurrent_kernel'] as tf.Tensor2D;
        const next = lstmStep(gates, kernel, remembered(h!), remembered(c!), config.memoryDecay);
        current = joined([next, time.state, nextEarlier, noAction(next)]);
        if (time.rewarded) predictions.push(time.rewarded);
        outputs.push(tf.slice(next, [0, 0], [-1, H]) as tf.Tensor2D);
      }
      const all = tf.concat(outputs, 0);
      const logits: tf.Tensor2D = tf.add(tf.matMul(all, p['policy/kernel']!), p['policy/bias']!);
      const value = tf.add(tf.matMul(all, p['value/kernel']!), p['value/bias']!);
      const rewarded = predictions.length > 0 ? tf.concat(predictions, 0) : null;
      return { logits, value: tf.reshape(value, [-1]), state: current, rewarded };
    },
  };
}
