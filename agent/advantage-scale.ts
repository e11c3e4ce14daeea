import type { AgentConfig } from './config.ts';

/** What a running scale of advantages has seen; plain JSON, so that a checkpoint can hold it. */
export interface AdvantageScaleState {
  /** Running mean of squared advantages, weighted towards zero until many updates have been seen. */
  readonly meanSquare: number;
  readonly updates: number;
}

export const NO_ADVANTAGES: AdvantageScaleState = { meanSquare: 0, updates: 0 };

/** The share of the mean that an update leaves. */
const DECAY = 0.98;
/** So small a mean that the advantages are rounding errors. */
const LEAST = 1e-12;

/**
 * Brings advantages to a root mean square of about one, so that the entropy bonus weighs the same against them whatever a world pays, and
 * once an agent is nearly perfect. The scale comes from earlier updates: threads need not wait for each other's advantages.
 */
export class AdvantageScale {
  #state = NO_ADVANTAGES;
  readonly #isOn: boolean;

  constructor({ normalizeAdvantages }: AgentConfig) {
    this.#isOn = normalizeAdvantages;
  }

  get state(): AdvantageScaleState {
    return this.#state;
  }

  restore(state: AdvantageScaleState): void {
    this.#state = state;
  }

  /** What the next update's advantages are multiplied by; 1 before the first. */
  get factor(): number {
    const { meanSquare, updates } = this.#state;
    if (!this.#isOn || updates === 0) return 1;
    return 1 / Math.sqrt(Math.max(LEAST, meanSquare / (1 - DECAY ** updates)));
  }

  /** @param meanSquare of an update's advantages, as they were before they were multiplied */
  add(meanSquare: number): void {
    const { meanSquare: before, updates } = this.#state;
    this.#state = {
      meanSquare: DECAY * before + (1 - DECAY) * meanSquare,
      updates: updates + 1,
    };
  }
}
