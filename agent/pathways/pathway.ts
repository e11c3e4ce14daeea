import type { AgentConfig } from '../config.ts';
import type { ParameterSpec } from '../parameters.ts';
import type * as tf from '../tf.ts';

/** How the instruction reaches the LSTM, for an instruction of one length. */
export interface Pathway {
  readonly parameters: readonly ParameterSpec[];
  /** The names of its neural accumulators, whose parameters are `name/w_hat` and `name/m_hat`. */
  readonly accumulators: readonly string[];
  /** Numbers that it carries from one step to the next; zero at an episode's start. */
  readonly stateSize: number;
  /** Numbers that it gives to the LSTM. */
  readonly featureSize: number;
  /**
   * @param parameters those above, by name
   * @param instruction [batch, k]; null where k is zero
   * @param state [batch, stateSize]; null where that is zero
   * @returns features [batch, featureSize] and the next state, null where their sizes are zero
   */
  apply(
    parameters: Record<string, tf.Tensor>,
    instruction: tf.Tensor2D | null,
    state: tf.Tensor2D | null,
  ): { features: tf.Tensor2D | null; state: tf.Tensor2D | null };
}

/** What of an agent's configuration a pathway goes by. */
export type PathwayConfig = Pick<
  AgentConfig,
  'nacWidth' | 'nacStart' | 'clockUnits' | 'clockSelf' | 'clockReads'
>;

/** Makes a pathway for an instruction of length `k`. */
export type PathwayFactory = (k: number, config: PathwayConfig) => Pathway;
