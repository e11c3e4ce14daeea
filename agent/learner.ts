import type { Feeds, Results, Runner } from './engines/engine.ts';
import { gradientName } from './names.ts';
import { type ParameterLayout, views } from './parameters.ts';
import type { Rollout } from './rollout.ts';

/** What one pass over a rollout gave besides the gradient: each term's share of the mean over all shards. */
export interface LearningSignals {
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
  /** What the learner itself computed: probabilities [T·B, actions], value [T·B], the state [B, S] after the last step. */
  readonly unrolled: { probabilities: Float32Array; value: Float32Array; state: Float32Array };
}

/** Turns rollouts into gradients. */
export class Learner {
  readonly #gradients: Runner;
  readonly #parameters: Feeds;
  readonly #into: Results;

  /**
   * @param parameters all parameters by name; read at every call
   * @param gradient the flat vector that receives their gradient
   */
  constructor(
    gradients: Runner,
    parameters: Feeds,
    layout: ParameterLayout,
    gradient: Float32Array,
  ) {
    this.#gradients = gradients;
    this.#parameters = parameters;
    this.#into = Object.fromEntries(
      Object.entries(views(layout, gradient)).map(([name, view]) => [gradientName(name), view]),
    );
  }

  /**
   * The gradient over a finished rollout, written to the vector given at construction.
   * @param encoded the distinct frames that `rollout.index` points into, as the actor has encoded them
   * @param pull how strongly the accumulators' weights are pulled to −1, 0 and 1, where the configuration has that
   */
  async learn(rollout: Rollout, encoded: Feeds, pull = 0): Promise<LearningSignals> {
    const { index, instruction, start, dropped, state, action, advantage } = rollout;
    const feeds = {
      ...{ index, instruction, start, dropped, state, action, advantage, return: rollout.return },
      pull: Float32Array.of(pull),
    };
    const all = { ...this.#parameters, ...encoded, ...feeds };
    const results = await this.#gradients.run(all, this.#into);
    const { probabilities, value, lastState } = results;
    return {
      policyLoss: results.policyLoss![0]!,
      valueLoss: results.valueLoss![0]!,
      entropy: results.entropy![0]!,
      unrolled: { probabilities: probabilities!, value: value!, state: lastState! },
    };
  }
}
