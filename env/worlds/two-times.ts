/**
 * TwoTimes-v0: two targets, two times: step onto the red one at `t1`, then onto the blue one at `t2`.
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall stays |
 * | pixels | uint8 [36, 36, 3]: black ground, red and blue target, grey agent; the red one disappears once it is reached |
 * | instruction | float32 [2]: `t1` and `t2`, both in steps from the start, unscaled |
 * | start | agent and targets on different cells of 3 × 3, every triple equally likely; `t1` uniform in 4..7, `t2` in 11..15 |
 * | reward | on each target, reached at step `k`: `max(0, m / 2 − |k − tᵢ|)`, with m = 20; otherwise 0 |
 * | terminated | when the agent first steps onto the blue target after the red one; until then blue counts as ground |
 * | truncated | without that by step 15 + 12 (`secondMax` + `slack`), or `t2` + 12 where `reset` fixed `t2` |
 * | metrics | `exact` (both) and `arrived` (at both), 0 or 1; `firstExact`, 0 or 1; `error`, `k − t2`, of an arrival at blue only |
 *
 * Either number can be fixed. Where only `t2` is, `t1` is drawn as in training, but at most `t2` − 1. There is always time to get from anywhere to
 * anywhere: four steps before the first `t1`, and four from the last `t1` to the first `t2`.
 */

import * as z from 'zod';
import type { EnvSpec } from '../contract.ts';
import type { InstructedNumber, OtherNumber } from '../number.ts';
import type { Random } from '../random.ts';
import { register } from '../registry.ts';
import { type DrawTiles, tileDrawer } from './base/drawing.ts';
import { cellsWhere, neighbour } from './base/grid.ts';
import {
  colour,
  consistent,
  count,
  drawable,
  gridOptions,
  LARGEST_TIME,
  ordered,
  positive,
  slack,
  time,
} from './base/grid-options.ts';
import { GridWorld } from './base/grid-world.ts';

/** Kinds of tile. */
const FIRST = 1;
const SECOND = 2;
const AGENT = 3;

const second = time.min(2);
const options = z
  .strictObject({
    ...gridOptions({ size: 3, pixels: 36 }),
    firstColour: colour('first target', 255, 0, 0),
    secondColour: colour('second target', 0, 80, 255),
    firstMin: time.default(4).describe('least first time that is told'),
    firstMax: time.default(7).describe('greatest first time that is told'),
    secondMin: second.default(11).describe('least second time that is told'),
    secondMax: second.default(15).describe('greatest second time that is told'),
    slack: slack(12),
    maxReward: positive(20).describe('reward of reaching both on time, half of it for each'),
  })
  .check(
    consistent((value) => [
      ordered(value, 'firstMin', 'firstMax'),
      ordered(value, 'secondMin', 'secondMax'),
      value.firstMax >= value.secondMin &&
        `firstMax (${value.firstMax}) must be below secondMin (${value.secondMin})`,
      drawable(value),
    ]),
  );

const resetOptions = z
  .strictObject({
    first: time.optional().describe('first time of this episode'),
    second: second
      .optional()
      .describe('second time of this episode, within secondMin..secondMax or beyond'),
  })
  .check(
    consistent(({ first, second }) => [
      first !== undefined &&
        second !== undefined &&
        first >= second &&
        `first (${first}) must be below second (${second})`,
    ]),
  );

export type TwoTimesInput = z.input<typeof options>;
export type TwoTimesOptions = z.infer<typeof options>;

interface State {
  readonly targets: readonly [number, number];
  readonly agent: number;
  readonly times: readonly [number, number];
  /** When the first target was reached; 0 until then. */
  readonly reached: number;
}

export class TwoTimes extends GridWorld<TwoTimesOptions, z.infer<typeof resetOptions>, State> {
  override readonly number: InstructedNumber;
  readonly otherNumbers: readonly OtherNumber[];
  readonly #draw: DrawTiles;
  readonly #tiles: Uint8Array;
  #targets: readonly [number, number] = [0, 0];
  #times: readonly [number, number] = [0, 0];
  #reached = 0;

  /** @throws OptionError for an unknown, ill-typed or contradictory option */
  constructor(given?: TwoTimesInput) {
    super(twoTimes, given, { told: 2, largest: LARGEST_TIME });
    const { size, pixels, groundColour, firstColour, secondColour, agentColour } = this.options;
    const { firstMin, firstMax, secondMin, secondMax, maxReward } = this.options;
    this.number = {
      ...{ option: 'second', symbol: 't2', meaning: 'second time', place: 1, countsSteps: true },
      ...{ trained: [secondMin, secondMax], maxReward },
    };
    this.otherNumbers = [
      {
        ...{ option: 'first', symbol: 't1', meaning: 'first time', place: 0, countsSteps: true },
        trained: [firstMin, firstMax],
      },
    ];
    const colours = [groundColour, firstColour, secondColour, agentColour];
    this.#draw = tileDrawer({ size, pixels, colours });
    this.#tiles = new Uint8Array(size * size);
  }

  protected override begin(random: Random, fixed: z.infer<typeof resetOptions>): void {
    const { size, firstMin, firstMax, secondMin, secondMax, slack } = this.options;
    const free = cellsWhere(size, () => true);
    const take = (): number => free.splice(random.integer(0, free.length - 1), 1)[0]!;
    this.#targets = [take(), take()];
    this.agent = take();
    const drawn = [random.integer(firstMin, firstMax), random.integer(secondMin, secondMax)];
    const second = fixed.second ?? Math.max(drawn[1]!, (fixed.first ?? 0) + 1);
    this.#times = [fixed.first ?? Math.min(drawn[0]!, second - 1), second];
    this.limit = (fixed.second ?? Math.max(secondMax, second)) + slack;
    this.#reached = 0;
  }

  protected override move(action: number): number {
    this.agent = neighbour(this.agent, action, this.options.size);
    const isFirst = this.#reached === 0 && this.agent === this.#targets[0];
    if (isFirst) this.#reached = this.clock;
    if (!isFirst && !this.isDone) return 0;
    const error = this.clock - this.#times[isFirst ? 0 : 1];
    return Math.max(0, this.options.maxReward / 2 - Math.abs(error));
  }

  protected override get isDone(): boolean {
    return this.#reached > 0 && this.agent === this.#targets[1];
  }

  protected override metrics(): Record<string, number> {
    const firstExact = this.#reached === this.#times[0] ? 1 : 0;
    if (!this.isDone) return { exact: 0, arrived: 0, firstExact };
    const error = this.clock - this.#times[1];
    return { exact: error === 0 ? firstExact : 0, arrived: 1, firstExact, error };
  }

  protected override draw(pixels: Uint8Array): void {
    this.#tiles.fill(0);
    this.#tiles[this.#targets[1]] = SECOND;
    if (this.#reached === 0) this.#tiles[this.#targets[0]] = FIRST;
    this.#tiles[this.agent] = AGENT;
    this.#draw(this.#tiles, pixels);
  }

  protected override tell(instruction: Float32Array): void {
    instruction.set(this.#times);
  }

  protected override stateShape(cell: z.ZodInt) {
    return {
      targets: z.tuple([cell, cell]),
      agent: cell,
      times: z.tuple([time, time]),
      reached: count,
    };
  }

  protected override save(): State {
    const [targets, times] = [this.#targets, this.#times];
    return { targets, agent: this.agent, times, reached: this.#reached };
  }

  protected override load({ targets, agent, times, reached }: State): void {
    this.#targets = targets;
    this.agent = agent;
    this.#times = times;
    this.#reached = reached;
  }
}

const twoTimes: EnvSpec = {
  id: 'TwoTimes-v0',
  summary: 'Step onto one target at one time you are told, then onto another at a second time.',
  options,
  resetOptions,
  create: (given) => new TwoTimes(given as TwoTimesInput),
};

register(twoTimes);
