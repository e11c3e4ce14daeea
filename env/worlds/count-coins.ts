/**
 * CountCoins-v0: collect exactly `k` coins, then leave. A number of things done, not of steps.
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall stays |
 * | pixels | uint8 [36, 36, 3]: black ground, yellow coins, green exit, grey agent, which covers the exit when it leaves |
 * | instruction | float32 [1]: `k`, unscaled |
 * | start | agent and exit on different cells of 3 × 3, a coin on another (`coins`); `k` uniform in 1..5 |
 * | coins | stepping onto one collects it, and another appears: the picture never tells how many were collected |
 * | reward | `m / 2k` for each coin up to the `k`th, with m = 10; on leaving with `n` coins `max(0, m / 2 − c |n − k|)`, with |
 * | | c = 2 (`costPerCoin`); otherwise 0: to do exactly what `k` says is worth m, whatever `k` |
 * | terminated | when the agent steps onto the exit, or when it shuts: after step 4 `k` + 8 (`stepsPerCoin` × `k` + `slack`) |
 * | truncated | never: `k` tells how long the exit is open, and to make haste is part of the task |
 * | metrics | `exact` and `arrived` (left), 0 or 1; `error`, `n − k`, of an episode that left only |
 *
 * Every episode can be done exactly: a coin appears only where it leaves the agent a way to the exit without coins, and some coin
 * can always be reached without stepping onto another or leaving. Where no cell is such, there are fewer coins for a while.
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
  distances,
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
  ordered,
  slack,
} from './grid-options.ts';

const ID = 'CountCoins-v0';
const LARGEST_COUNT = 2 ** 20;

/** Kinds of tile. */
const COIN = 1;
const EXIT = 2;
const AGENT = 3;

const asked = z.int().min(1).max(LARGEST_COUNT);
const options = z
  .strictObject({
    ...gridOptions({ size: 3, pixels: 36 }),
    coinColour: colour.default([255, 210, 0]).describe('red, green and blue of the coins'),
    exitColour: colour.default([0, 160, 60]).describe('red, green and blue of the exit'),
    coins: z.int().min(1).max(64).default(1).describe('coins that lie there at a time'),
    countMin: asked.default(1).describe('the least number of coins that is asked for'),
    countMax: asked.default(5).describe('the greatest number of coins that is asked for'),
    stepsPerCoin: z
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe('steps for each coin asked for until the exit shuts'),
    slack: slack(8).describe('steps beyond those until the exit shuts'),
    maxReward: z
      .number()
      .gt(0)
      .default(10)
      .describe('reward of collecting exactly that many and leaving, half of it for each'),
    costPerCoin: z
      .number()
      .gt(0)
      .default(2)
      .describe('what each coin too many or too few takes from the reward of leaving'),
  })
  .check(consistent((value) => [ordered(value, 'countMin', 'countMax'), drawable(value)]));

const resetOptions = z.strictObject({
  count: asked
    .optional()
    .describe('the coins asked for in this episode, within countMin..countMax or beyond'),
});

export type CountCoinsInput = z.input<typeof options>;
export type CountCoinsOptions = z.infer<typeof options>;

const stateSchema = z.strictObject({
  random: randomStateSchema,
  coins: z.array(count),
  exit: count,
  agent: count,
  asked,
  collected: count,
  limit: count,
  clock: count,
});

export class CountCoins implements Env {
  readonly spec = countCoins;
  readonly options: CountCoinsOptions;
  readonly observationSpace: { readonly pixels: Box; readonly instruction: Box };
  readonly actionSpace = new Discrete(MOVES);
  readonly number: InstructedNumber;
  readonly #draw: DrawTiles;
  #random: Random | undefined;
  /** The kind of each cell's tile, the agent's left out. */
  readonly #floor: Uint8Array;
  readonly #tiles: Uint8Array;
  #exit = 0;
  #agent = 0;
  #asked = 0;
  #collected = 0;
  #limit = 0;
  #clock = 0;

  /** @throws OptionError for an unknown, ill-typed or contradictory option */
  constructor(given?: CountCoinsInput) {
    this.options = parseOptions(ID, options, given);
    const { size, pixels, countMin, countMax, maxReward } = this.options;
    const { groundColour, coinColour, exitColour, agentColour } = this.options;
    this.observationSpace = {
      pixels: new Box([pixels, pixels, 3], 'uint8', 0, 255),
      instruction: new Box([1], 'float32', 0, LARGEST_COUNT),
    };
    this.number = {
      ...{ option: 'count', symbol: 'k', meaning: 'coins', countsSteps: false },
      trained: [countMin, countMax],
      maxReward,
    };
    this.#floor = new Uint8Array(size * size);
    this.#tiles = new Uint8Array(size * size);
    const colours = [groundColour, coinColour, exitColour, agentColour];
    this.#draw = tileDrawer({ size, pixels, colours });
  }

  reset({ seed, options: given }: ResetArguments = {}, into?: Observation): ResetResult {
    const fixed = given && parseOptions(ID, resetOptions, given).count;
    if (seed !== undefined) this.#random = new Random(seed);
    this.#random ??= new Random();
    const { size, coins, countMin, countMax, stepsPerCoin, slack } = this.options;
    const exit = this.#random.integer(0, size * size - 1);
    const agent = this.#random.integer(0, size * size - 2);
    this.#exit = exit;
    this.#agent = agent < exit ? agent : agent + 1;
    this.#asked = fixed ?? this.#random.integer(countMin, countMax);
    this.#limit = stepsPerCoin * this.#asked + slack;
    this.#clock = 0;
    this.#collected = 0;
    this.#floor.fill(0);
    this.#floor[exit] = EXIT;
    for (let coin = 0; coin < coins; coin++) this.#drop(this.#random);
    return restart(this.#observe(into));
  }

  step(action: number, into?: Observation): StepResult {
    const over = this.#agent === this.#exit || this.#clock >= this.#limit;
    requireStep(ID, { begun: this.#random !== undefined, over }, this.actionSpace, action);
    this.#agent = neighbour(this.#agent, action, this.options.size);
    this.#clock++;
    const { maxReward, costPerCoin } = this.options;
    let reward = 0;
    if (this.#floor[this.#agent] === COIN) {
      this.#floor[this.#agent] = 0;
      this.#collected++;
      if (this.#collected <= this.#asked) reward = maxReward / (2 * this.#asked);
      const lying = this.#floor.reduce((sum, tile) => sum + (tile === COIN ? 1 : 0), 0);
      for (let coin = lying; coin < this.options.coins; coin++) this.#drop(this.#random!);
    }
    const observation = this.#observe(into);
    if (this.#agent === this.#exit) {
      const error = this.#collected - this.#asked;
      const metrics = { exact: error === 0 ? 1 : 0, arrived: 1, error };
      reward = Math.max(0, maxReward / 2 - costPerCoin * Math.abs(error));
      return termination(observation, reward, { metrics });
    }
    if (this.#clock < this.#limit) return transition(observation, reward);
    return termination(observation, reward, { metrics: { exact: 0, arrived: 0 } });
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
      coins: cellsWhere(this.options.size, (cell) => this.#floor[cell] === COIN),
      exit: this.#exit,
      agent: this.#agent,
      asked: this.#asked,
      collected: this.#collected,
      limit: this.#limit,
      clock: this.#clock,
    };
  }

  restore(given: Json, into?: Observation): Observation {
    const { success, data } = stateSchema.safeParse(given);
    const cells = this.options.size ** 2;
    if (
      !success ||
      [data.exit, data.agent, ...data.coins].some((cell) => cell >= cells) ||
      data.coins.some((cell) => cell === data.exit || cell === data.agent)
    ) {
      throw foreignState(ID);
    }
    this.#random = Random.restore(data.random);
    this.#floor.fill(0);
    for (const cell of data.coins) this.#floor[cell] = COIN;
    this.#floor[data.exit] = EXIT;
    this.#exit = data.exit;
    this.#agent = data.agent;
    this.#asked = data.asked;
    this.#collected = data.collected;
    this.#limit = data.limit;
    this.#clock = data.clock;
    return this.#observe(into);
  }

  /** Lets a coin appear on a cell that leaves the way to the exit free, each equally likely; on none where there is no such. */
  #drop(random: Random): void {
    const { size } = this.options;
    const free = cellsWhere(size, (cell) => this.#floor[cell] === 0 && cell !== this.#agent);
    while (free.length > 0) {
      const [cell] = free.splice(random.integer(0, free.length - 1), 1);
      this.#floor[cell!] = COIN;
      const steps = distances(size, this.#agent, (other) => this.#floor[other] !== COIN);
      if (steps[this.#exit] !== -1) return;
      this.#floor[cell!] = 0;
    }
  }

  #show(pixels: Uint8Array): void {
    this.#tiles.set(this.#floor);
    this.#tiles[this.#agent] = AGENT;
    this.#draw(this.#tiles, pixels);
  }

  #observe(into: Observation = allocate(this.observationSpace)): Observation {
    this.#show(into.pixels);
    into.instruction[0] = this.#asked;
    return into;
  }
}

const countCoins: EnvSpec = {
  id: ID,
  summary: 'Collect exactly as many coins as you were told, then leave.',
  options,
  resetOptions,
  create: (given) => new CountCoins(given as CountCoinsInput),
};

register(countCoins);
