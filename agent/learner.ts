import type { LearningEncoder } from './encoder/encoder.ts';
import { addRows } from './encoder/rows.ts';
import type { Feeds, Results, Runner } from './engines/engine.ts';
import { gradientName } from './names.ts';
import type { Rollout } from './rollout.ts';

/** What one pass over a rollout gave besides the gradient: each term's share of the mean over all shards. */
export interface LearningSignals {
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
  /** What the learner itself computed: probabilities [T·B, actions], value [T·B]. */
  readonly unrolled: { probabilities: Float32Array; value: Float32Array };
}

/** How much two terms of the loss weigh at an update. */
export interface LossWeights {
  /** How strongly the accumulators' weights are pulled to −1, 0 and 1, where the configuration has that; 0 by default. */
  readonly pull?: number | undefined;
  /** Weight of the entropy. */
  readonly entropyBonus: number;
  /** Multiplies all advantages; 1 by default. */
  readonly advantageFactor?: number | undefined;
}

/** Turns rollouts into gradients: those of the core by its program, then those of the encoder by itself. */
export class Learner {
  readonly #gradients: Runner;
  readonly #encoder: LearningEncoder;
  readonly #parameters: Feeds;
  readonly #into: Results;
  readonly #drive: Float32Array;
  readonly #driveGradient: Float32Array;
  #driveGradients = new Float32Array(0);

  /**
   * @param encoder the one that acts
   * @param parameters all parameters by name; read at every call
   * @param gradients those of the core's parameters by name, written at every call
   * @param drives what encoding made of the frames, [T·B, driveSize]; read at every call
   */
  constructor(
    program: Runner,
    encoder: LearningEncoder,
    parameters: Feeds,
    gradients: Readonly<Record<string, Float32Array>>,
    drives: Float32Array,
  ) {
    this.#gradients = program;
    this.#encoder = encoder;
    this.#parameters = parameters;
    this.#drive = drives;
    this.#driveGradient = new Float32Array(drives.length);
    const named = Object.entries(gradients).map(([name, view]) => [gradientName(name), view]);
    this.#into = { ...Object.fromEntries(named), [gradientName('drive')]: this.#driveGradient };
  }

  /**
   * The gradient over a finished rollout, written to the views given at construction.
   * @param rollout whose frames the encoder has encoded since it last forgot
   */
  async learn(
    rollout: Rollout,
    { pull = 0, entropyBonus, advantageFactor = 1 }: LossWeights,
  ): Promise<LearningSignals> {
    const { index, instruction, start, dropped, states, action, rewarded } = rollout;
    const advantage = rollout.advantage.map((one) => one * advantageFactor);
    const feeds = {
      ...{
        drive: this.#drive,
        instruction,
        start,
        dropped,
        states,
        action,
        rewarded,
        advantage,
        return: rollout.return,
      },
      pull: Float32Array.of(pull),
      entropyBonus: Float32Array.of(entropyBonus),
    };
    const results = await this.#gradients.run({ ...this.#parameters, ...feeds }, this.#into);
    await this.#encoder.backward(this.#sumByFrame(index));
    const { probabilities, value } = results;
    return {
      policyLoss: results.policyLoss![0]!,
      valueLoss: results.valueLoss![0]!,
      entropy: results.entropy![0]!,
      unrolled: { probabilities: probabilities!, value: value! },
    };
  }

  /** Gradients of the distinct frames' drives, [count, driveSize]. */
  #sumByFrame(index: Int32Array): Float32Array {
    const size = this.#drive.length / index.length;
    const length = this.#encoder.count * size;
    if (this.#driveGradients.length < length) this.#driveGradients = new Float32Array(length);
    const sums = this.#driveGradients.subarray(0, length).fill(0);
    addRows(this.#driveGradient, index, size, sums);
    return sums;
  }
}
