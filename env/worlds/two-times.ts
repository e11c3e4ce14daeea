/**
 * TwoTimes-v0: two targets, two numbers: onto the red one at `t1`, then onto the blue one at `t2`.
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall stays |
 * | pixels | uint8 [36, 36, 3]: black ground, red and blue target, grey agent; the red one is gone once it was reached |
 * | instruction | float32 [2]: `t1` and `t2`, both in steps from the start, unscaled |
 * | start | agent and targets on different cells of 3 × 3, every triple equally likely; `t1` uniform in 4..7, `t2` in 11..15 |
 * | reward | on each target, reached at step `k`: `max(0, m / 2 − |k − tᵢ|)`, with m = 20; otherwise 0 |
 * | terminated | when the agent first steps onto the blue target after the red one; before, blue is ground |
 * | truncated | without that by step 15 + 12 (`secondMax` + `slack`), or `t2` + 12 where `reset` fixed `t2` |
 * | metrics | `exact` (both) and `arrived` (at both), 0 or 1; `firstExact`, 0 or 1; `error`, `k − t2`, of an arrival at blue only |
 *
 * The number that an evaluation varies is `t2`; `t1` is then drawn as in training, but below `t2` (`t2` − 1 instead of more). Each
 * is told in time enough to get from anywhere to anywhere: four steps before `t1`, and four from the last `t1` to the first `t2`.
 */

import * as z from 'zod';
import type { Env, EnvSpec, Frame, Json, Observation } from '../contract.ts';
import {
  type ResetArguments,
  type ResetResult,
  restart,
  type StepResult,
  termination,
  transition,
  truncation,
} from '../contract.ts';
import { EnvError } from '../errors.ts';
import type { InstructedNumber } from '../number.ts';
import { parseOptions } from '../options.ts';
import { Random, randomStateSchema } from '../random.ts';
import { register } from '../registry.ts';
import { Box, Discrete } from '../spaces.ts';
import { type DrawTiles, tileDrawer } from './drawing.ts';
import {
  allocate,
  cellsWhere,
  centre,
  foreignState,
  MOVES,
  neighbour,
  requireStep,
} from './grid.ts';
import {
  colour,
  consistent,
  count,
  drawable,
  gridOptions,
  LARGEST_TIME,
  ordered,
  slack,
  time,
} from './grid-options.ts';

const ID = 'TwoTimes-v0';

/** Kinds of tile. */
const FIRST = 1;
const SECOND = 2;
const AGENT = 3;

const second = time.min(2);
const options = z
  .strictObject({
    ...gridOptions({ size: 3, pixels: 36 }),
    firstColour: colour.default([255, 0, 0]).describe('red, green and blue of the first target'),
    secondColour: colour.default([0, 80, 255]).describe('red, green and blue of the second target'),
    firstMin: time.default(4).describe('the least first time that is told'),
    firstMax: time.default(7).describe('the greatest first time that is told'),
    secondMin: second.default(11).describe('the least second time that is told'),
    secondMax: second.default(15).describe('the greatest second time that is told'),
    slack: slack(12),
    maxReward: z
      .number()
      .gt(0)
      .default(20)
      .describe('reward of reaching both on time, half of it for each'),
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
    first: time.optional().describe('the first time of this episode'),
    second: second
      .optional()
      .describe('the second time of this episode, within secondMin..secondMax or beyond'),
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

const stateSchema = z.strictObject({
  random: randomStateSchema,
  targets: z.tuple([count, count]),
  agent: count,
  times: z.tuple([time, time]),
  /** When the first target was reached; 0 where it was not yet. */
  reached: count,
  limit: count,
  clock: count,
});

export class TwoTimes implements Env {
  readonly spec = twoTimes;
  readonly options: TwoTimesOptions;
  readonly observationSpace: { readonly pixels: Box; readonly instruction: Box };
  readonly actionSpace = new Discrete(MOVES);
  readonly number: InstructedNumber;
  readonly #draw: DrawTiles;
  readonly #tiles: Uint8Array;
  #random: Random | undefined;
  #targets: [number, number] = [0, 0];
  #agent = 0;
  #times: [number, number] = [0, 0];
  #reached = 0;
  #limit = 0;
  #clock = 0;

  /** @throws OptionError for an unknown, ill-typed or contradictory option */
  constructor(given?: TwoTimesInput) {
    this.options = parseOptions(ID, options, given);
    const { size, pixels, secondMin, secondMax, maxReward } = this.options;
    const { groundColour, firstColour, secondColour, agentColour } = this.options;
    this.observationSpace = {
      pixels: new Box([pixels, pixels, 3], 'uint8', 0, 255),
      instruction: new Box([2], 'float32', 0, LARGEST_TIME),
    };
    this.number = {
      ...{ option: 'second', symbol: 't2', meaning: 'second time', place: 1, countsSteps: true },
      trained: [secondMin, secondMax],
      maxReward,
    };
    this.#tiles = new Uint8Array(size * size);
    const colours = [groundColour, firstColour, secondColour, agentColour];
    this.#draw = tileDrawer({ size, pixels, colours });
  }

  reset({ seed, options: given }: ResetArguments = {}, into?: Observation): ResetResult {
    const fixed = given ? parseOptions(ID, resetOptions, given) : {};
    if (seed !== undefined) this.#random = new Random(seed);
    this.#random ??= new Random();
    const random = this.#random;
    const { size, firstMin, firstMax, secondMin, secondMax, slack } = this.options;
    const free = cellsWhere(size, () => true);
    const take = (): number => free.splice(random.integer(0, free.length - 1), 1)[0]!;
    this.#targets = [take(), take()];
    this.#agent = take();
    const drawn = [random.integer(firstMin, firstMax), random.integer(secondMin, secondMax)];
    const second = fixed.second ?? Math.max(drawn[1]!, (fixed.first ?? 0) + 1);
    this.#times = [fixed.first ?? Math.min(drawn[0]!, second - 1), second];
    this.#limit = (fixed.second ?? Math.max(secondMax, second)) + slack;
    this.#reached = 0;
    this.#clock = 0;
    return restart(this.#observe(into));
  }

  step(action: number, into?: Observation): StepResult {
    const over = this.#isDone || this.#clock >= this.#limit;
    requireStep(ID, { begun: this.#random !== undefined, over }, this.actionSpace, action);
    this.#agent = neighbour(this.#agent, action, this.options.size);
    this.#clock++;
    let reward = 0;
    if (this.#reached === 0 && this.#agent === this.#targets[0]) {
      this.#reached = this.#clock;
      reward = this.#worth(this.#clock - this.#times[0]);
    }
    const observation = this.#observe(into);
    const firstExact = this.#reached === this.#times[0] ? 1 : 0;
    if (this.#isDone) {
      const error = this.#clock - this.#times[1];
      const exact = error === 0 ? firstExact : 0;
      const metrics = { exact, arrived: 1, firstExact, error };
      return termination(observation, this.#worth(error), { metrics });
    }
    if (this.#clock < this.#limit) return transition(observation, reward);
    return truncation(observation, reward, { metrics: { exact: 0, arrived: 0, firstExact } });
  }

  render(): Frame {
    const { pixels: side } = this.options;
    const pixels = new Uint8Array(this.observationSpace.pixels.length);
    this.#show(pixels);
    return { pixels, height: side, width: side };
  }

  /** The middle of the agent's cell. */
  position(): { readonly x: number; readonly y: number } {
    return centre(this.#agent, this.options.size);
  }

  close(): void {}

  state(): Json {
    if (this.#random === undefined) throw new EnvError(`${ID}: reset it before taking its state`);
    return {
      random: this.#random.state(),
      targets: [...this.#targets],
      agent: this.#agent,
      times: [...this.#times],
      reached: this.#reached,
      limit: this.#limit,
      clock: this.#clock,
    };
  }

  restore(given: Json, into?: Observation): Observation {
    const { success, data } = stateSchema.safeParse(given);
    const cells = this.options.size ** 2;
    if (!success || [data.agent, ...data.targets].some((cell) => cell >= cells)) {
      throw foreignState(ID);
    }
    this.#random = Random.restore(data.random);
    this.#targets = data.targets;
    this.#agent = data.agent;
    this.#times = data.times;
    this.#reached = data.reached;
    this.#limit = data.limit;
    this.#clock = data.clock;
    return this.#observe(into);
  }

  get #isDone(): boolean {
    return this.#reached > 0 && this.#agent === this.#targets[1];
  }

  /** @param error arrival less the time told, in steps */
  #worth(error: number): number {
    return Math.max(0, this.options.maxReward / 2 - Math.abs(error));
  }

  #show(pixels: Uint8Array): void {
    this.#tiles.fill(0);
    this.#tiles[this.#targets[1]] = SECOND;
    if (this.#reached === 0) this.#tiles[this.#targets[0]] = FIRST;
    this.#tiles[this.#agent] = AGENT;
    this.#draw(this.#tiles, pixels);
  }

  #observe(into: Observation = allocate(this.observationSpace)): Observation {
    this.#show(into.pixels);
    into.instruction[0] = this.#times[0];
    into.instruction[1] = this.#times[1];
    return into;
  }
}

const twoTimes: EnvSpec = {
  id: ID,
  summary: 'Step onto one target at one time and onto another at a second one.',
  options,
  resetOptions,
  create: (given) => new TwoTimes(given as TwoTimesInput),
};

register(twoTimes);
