import type * as z from 'zod';
import type { Accumulator } from '../cells/nac.ts';
import type { AgentConfig } from '../config.ts';
import type { ParameterSpec } from '../parameters.ts';
import type * as tf from '../tf.ts';

/**
 * A way for the instruction to reach the LSTM: all that the program knows of it. A file that exports one is an agent of its own
 * (`--agent ./my-pathway.ts`).
 */
export interface PathwaySpec<Options extends z.ZodObject = z.ZodObject> {
  /** Small letters, digits and hyphens, such as `nac-clock`. */
  readonly id: string;
  /** What the LSTM gets, in one sentence. */
  readonly summary: string;
  /** What the page calls it, in a word or two, with an abbreviation in parentheses where room is short: `Accumulator (NAC)`. */
  readonly label?: string;
  /** Its own options as a strict zod object, each with a default and a description; they join the agent's configuration. */
  readonly options: Options;
  /** Defaults of the agent's other options that suit it better. */
  readonly defaults?: Partial<AgentConfig>;
  /** Its colour in figures and on the page, `#rrggbb`; without one it gets a free one. */
  readonly colour?: string;
  /**
   * @param instruction names of the instruction's numbers, `['t']` or `['t1', 't2']`; empty where the world tells none
   * @param actions how many actions the world offers
   */
  create(instruction: readonly string[], options: z.infer<Options>, actions: number): Pathway;
}

/** What a pathway knows of what the agent saw and did, where its `sightSize` is above zero. */
export interface Seen {
  /**
   * [batch, sightSize], what it has learned to see in the picture, or in the latest ones where the agent's `pictures` is above 1: weighted
   * sums of the dense layer's outputs.
   */
  readonly sight: tf.Tensor2D;
  /** [batch, actions], one for the action taken after the last observation, else zero; all zero where an episode starts. */
  readonly lastAction: tf.Tensor2D;
}

/** A pathway for an instruction of k numbers. */
export interface Pathway {
  readonly parameters: readonly ParameterSpec[];
  /** Its neural accumulators, in the order in which numbers pass through them. */
  readonly accumulators: readonly Accumulator[];
  /** Names of the S numbers that it carries from one step to the next; they are zero at an episode's start. */
  readonly state: readonly string[];
  /**
   * Those of `state` that mean nothing to a person, such as what it saw in the last picture; none by default. Their gradients may be
   * estimates, as those of `fires` are.
   */
  readonly internal?: readonly string[];
  /** Names of events that it recognises and its accumulators count; none by default. */
  readonly events?: readonly string[];
  /** Numbers that it gives to the LSTM. */
  readonly featureSize: number;
  /** Numbers that it wants made of each picture; none by default. It is then told the last action too. */
  readonly sightSize?: number;
  /** How much it weighs in the loss that it tells which steps were rewarded; it does not by default. */
  readonly rewardPrediction?: number;
  /**
   * One step, in tensors.
   * @param parameters those above, by name
   * @param instruction [batch, k]; null where k is zero
   * @param state [batch, S]; null where S is zero
   * @param seen null where `sightSize` is zero
   * @returns features [batch, featureSize] and the next state, null where their sizes are zero; and, where `rewardPrediction` is above zero,
   *   how likely the last step was rewarded, as log-odds [batch, predictions]
   */
  apply(
    parameters: Record<string, tf.Tensor>,
    instruction: tf.Tensor2D | null,
    state: tf.Tensor2D | null,
    seen: Seen | null,
  ): { features: tf.Tensor2D | null; state: tf.Tensor2D | null; rewarded?: tf.Tensor2D };
}

/** `n1`, `n2`, … */
export const numbered = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);

/** Names of an instruction's numbers: `t`, or `t1`, `t2`, … */
export const instructionNames = (count: number, symbol = 't'): string[] =>
  count === 1 ? [symbol] : numbered(symbol, count);
