import type { Observation, StepResult } from '../contract.ts';
import { termination, transition, truncation } from '../contract.ts';
import type { InstructedNumber } from '../number.ts';
import type { Random } from '../random.ts';
import { count, time } from './grid-options.ts';

interface TimeOptions {
  readonly timeMin: number;
  readonly timeMax: number;
  readonly slack: number;
  readonly maxReward: number;
  readonly timing: 'linear' | 'exact';
  readonly instruction: 'always' | 'first';
}

/** A timer's fields of a world's state, for its schema. */
export const timerState = { time, limit: count, clock: count };

/** The number of a world in which one time is told. */
export function toldTime({ timeMin, timeMax, maxReward }: TimeOptions): InstructedNumber {
  const kind = { option: 'time', symbol: 't', meaning: 'time', countsSteps: true } as const;
  return { ...kind, trained: [timeMin, timeMax], maxReward };
}

/** The time that an episode tells, the steps that it has had, and what an arrival is worth. */
export class Timer {
  readonly #options: TimeOptions;
  #time = 0;
  #limit = 0;
  #clock = 0;

  constructor(options: TimeOptions) {
    this.#options = options;
  }

  /** Begins an episode. @param fixed its time; drawn where left out */
  begin(random: Random, fixed: number | undefined): void {
    const { timeMin, timeMax, slack } = this.#options;
    this.#time = fixed ?? random.integer(timeMin, timeMax);
    this.#limit = (fixed ?? timeMax) + slack;
    this.#clock = 0;
  }

  tick(): void {
    this.#clock++;
  }

  /** Steps since the beginning. */
  get clock(): number {
    return this.#clock;
  }

  get isOut(): boolean {
    return this.#clock >= this.#limit;
  }

  /** What the agent is told now. */
  get told(): number {
    return this.#clock === 0 || this.#options.instruction === 'always' ? this.#time : 0;
  }

  /** What the present step led to. */
  result(observation: Observation, arrived: boolean): StepResult {
    if (arrived) {
      const error = this.#clock - this.#time;
      const metrics = { exact: error === 0 ? 1 : 0, arrived: 1, error };
      return termination(observation, this.#reward(error), { metrics });
    }
    if (!this.isOut) return transition(observation, 0);
    return truncation(observation, 0, { metrics: { exact: 0, arrived: 0 } });
  }

  state() {
    return { time: this.#time, limit: this.#limit, clock: this.#clock };
  }

  restore(state: ReturnType<Timer['state']>): void {
    this.#time = state.time;
    this.#limit = state.limit;
    this.#clock = state.clock;
  }

  /** @param error arrival less the time told, in steps */
  #reward(error: number): number {
    const { timing, maxReward } = this.#options;
    if (timing === 'exact') return error === 0 ? maxReward : 0;
    return Math.max(0, maxReward - Math.abs(error));
  }
}
