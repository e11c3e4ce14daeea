import type { EnvSpec } from '../../contract.ts';
import type { InstructedNumber } from '../../number.ts';
import type { Random } from '../../random.ts';
import { LARGEST_TIME, type TimedOptions, type TimeResetOptions } from './grid-options.ts';
import { type EpisodeShape, GridWorld } from './grid-world.ts';

/** A world on a grid that tells the agent one time `t`. The agent should reach its goal at exactly step `t`. */
export abstract class TimedWorld<
  Options extends TimedOptions,
  Episode extends object,
> extends GridWorld<Options, TimeResetOptions, Episode> {
  override readonly number: InstructedNumber;
  /** The time of this episode. */
  protected time = 0;

  constructor(spec: EnvSpec, options: unknown, shape: EpisodeShape) {
    super(spec, options, { told: 1, largest: LARGEST_TIME, shape });
    const { timeMin, timeMax, maxReward } = this.options;
    this.number = {
      ...{ option: 'time', symbol: 't', meaning: 'time', countsSteps: true },
      ...{ trained: [timeMin, timeMax], maxReward },
    };
  }

  /** Draws where everything is at the start. */
  protected abstract place(random: Random): void;
  /** Moves the agent, and whatever moves by itself. */
  protected abstract go(action: number): void;

  protected override begin(random: Random, { time: fixed }: TimeResetOptions): void {
    const { timeMin, timeMax, slack } = this.options;
    this.place(random);
    this.time = fixed ?? random.integer(timeMin, timeMax);
    this.limit = (fixed ?? timeMax) + slack;
  }

  protected override move(action: number): number {
    this.go(action);
    if (!this.isDone) return 0;
    const { timing, maxReward } = this.options;
    const error = Math.abs(this.clock - this.time);
    if (timing === 'exact') return error === 0 ? maxReward : 0;
    return Math.max(0, maxReward - error);
  }

  protected override metrics(): Record<string, number> {
    if (!this.isDone) return { exact: 0, arrived: 0 };
    const error = this.clock - this.time;
    return { exact: error === 0 ? 1 : 0, arrived: 1, error };
  }

  protected override tell(instruction: Float32Array): void {
    const isTold = this.clock === 0 || this.options.instruction === 'always';
    instruction[0] = isTold ? this.time : 0;
  }
}
