/**
 * CountCoins-v0: collect exactly `k` coins, then leave. The number counts coins, not steps.
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall stays |
 * | pixels | uint8 [36, 36, 3]: black ground, yellow coins, green exit, grey agent, which covers the exit when it leaves |
 * | instruction | float32 [1]: `k`, unscaled |
 * | start | agent and exit on different cells of 3 × 3, a coin on another (`coins`); `k` uniform in 1..5 |
 * | coins | stepping onto one collects it, and another appears: the picture never shows how many were collected |
 * | reward | `m / 2k` for each coin up to the `k`th, with m = 10; on leaving with `n` coins `max(0, m / 2 − c |n − k|)`, with |
 * | | c = 2 (`costPerCoin`); otherwise 0. Doing exactly what `k` says is worth m for every `k` |
 * | terminated | when the agent steps onto the exit, or when it shuts: after step 4 `k` + 8 (`stepsPerCoin` × `k` + `slack`) |
 * | truncated | never: `k` decides how long the exit stays open, so hurrying is part of the task |
 * | metrics | `exact` and `arrived` (left), 0 or 1; `error`, `n − k`, of an episode that left only |
 *
 * Every episode can be done exactly: a coin appears only where it leaves the agent a way to the exit without coins, and some coin
 * can always be reached without stepping onto another or leaving. Where there is no such cell, fewer coins lie there for a while.
 */

import * as z from 'zod';
import type { EnvSpec } from '../contract.ts';
import type { InstructedNumber } from '../number.ts';
import type { Random } from '../random.ts';
import { register } from '../registry.ts';
import { type DrawTiles, tileDrawer } from './base/drawing.ts';
import { cellsWhere, distances, neighbour, twoCells } from './base/grid.ts';
import {
  colour,
  consistent,
  count,
  drawable,
  gridOptions,
  ordered,
  positive,
  slack,
} from './base/grid-options.ts';
import { GridWorld } from './base/grid-world.ts';

const LARGEST_COUNT = 2 ** 20;

/** Kinds of tile. */
const COIN = 1;
const EXIT = 2;
const AGENT = 3;

const asked = z.int().min(1).max(LARGEST_COUNT);
const options = z
  .strictObject({
    ...gridOptions({ size: 3, pixels: 36 }),
    coinColour: colour('coins', 255, 210, 0),
    exitColour: colour('exit', 0, 160, 60),
    coins: z.int().min(1).max(64).default(1).describe('coins on the grid at a time'),
    countMin: asked.default(1).describe('least number of coins asked for'),
    countMax: asked.default(5).describe('greatest number of coins asked for'),
    stepsPerCoin: z
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe('steps for each coin asked for until the exit shuts'),
    slack: slack(8).describe('steps beyond those until the exit shuts'),
    maxReward: positive(10).describe(
      'reward of collecting exactly that many (half of it) and leaving (the other half)',
    ),
    costPerCoin: positive(2).describe(
      'cost of each coin too many or too few, taken from the reward of leaving',
    ),
  })
  .check(consistent((value) => [ordered(value, 'countMin', 'countMax'), drawable(value)]));

const resetOptions = z.strictObject({
  count: asked
    .optional()
    .describe('coins asked for in this episode, within countMin..countMax or beyond'),
});

export type CountCoinsInput = z.input<typeof options>;
export type CountCoinsOptions = z.infer<typeof options>;

interface State {
  readonly coins: readonly number[];
  readonly exit: number;
  readonly agent: number;
  readonly asked: number;
  readonly collected: number;
}

export class CountCoins extends GridWorld<CountCoinsOptions, z.infer<typeof resetOptions>, State> {
  override readonly number: InstructedNumber;
  readonly #draw: DrawTiles;
  /** The kind of each cell's tile, without the agent. */
  readonly #floor: Uint8Array;
  readonly #tiles: Uint8Array;
  #exit = 0;
  #asked = 0;
  #collected = 0;

  /** @throws OptionError for an unknown, ill-typed or contradictory option */
  constructor(given?: CountCoinsInput) {
    super(countCoins, given, { told: 1, largest: LARGEST_COUNT });
    const { size, pixels, groundColour, coinColour, exitColour, agentColour } = this.options;
    const { countMin, countMax, maxReward } = this.options;
    this.number = {
      ...{ option: 'count', symbol: 'k', meaning: 'coins', countsSteps: false },
      ...{ trained: [countMin, countMax], maxReward },
    };
    const colours = [groundColour, coinColour, exitColour, agentColour];
    this.#draw = tileDrawer({ size, pixels, colours });
    this.#floor = new Uint8Array(size * size);
    this.#tiles = new Uint8Array(size * size);
  }

  protected override begin(random: Random, { count: fixed }: z.infer<typeof resetOptions>): void {
    const { size, coins, countMin, countMax, stepsPerCoin, slack } = this.options;
    [this.#exit, this.agent] = twoCells(random, size);
    this.#asked = fixed ?? random.integer(countMin, countMax);
    this.limit = stepsPerCoin * this.#asked + slack;
    this.#collected = 0;
    this.#floor.fill(0);
    this.#floor[this.#exit] = EXIT;
    for (let coin = 0; coin < coins; coin++) this.#drop(random);
  }

  protected override move(action: number, random: Random): number {
    const { size, coins, maxReward, costPerCoin } = this.options;
    this.agent = neighbour(this.agent, action, size);
    if (this.#hasLeft) {
      return Math.max(0, maxReward / 2 - costPerCoin * Math.abs(this.#collected - this.#asked));
    }
    if (this.#floor[this.agent] !== COIN) return 0;
    this.#floor[this.agent] = 0;
    this.#collected++;
    const lying = this.#floor.reduce((sum, tile) => sum + (tile === COIN ? 1 : 0), 0);
    for (let coin = lying; coin < coins; coin++) this.#drop(random);
    return this.#collected <= this.#asked ? maxReward / (2 * this.#asked) : 0;
  }

  protected override get isDone(): boolean {
    return this.#hasLeft || this.clock >= this.limit;
  }

  get #hasLeft(): boolean {
    return this.agent === this.#exit;
  }

  protected override metrics(): Record<string, number> {
    if (!this.#hasLeft) return { exact: 0, arrived: 0 };
    const error = this.#collected - this.#asked;
    return { exact: error === 0 ? 1 : 0, arrived: 1, error };
  }

  protected override draw(pixels: Uint8Array): void {
    this.#tiles.set(this.#floor);
    this.#tiles[this.agent] = AGENT;
    this.#draw(this.#tiles, pixels);
  }

  protected override tell(instruction: Float32Array): void {
    instruction[0] = this.#asked;
  }

  protected override stateShape(cell: z.ZodInt) {
    return { coins: z.array(cell), exit: cell, agent: cell, asked, collected: count };
  }

  protected override isPossible({ coins, exit, agent }: State): boolean {
    return !coins.includes(exit) && !coins.includes(agent);
  }

  protected override save(): State {
    return {
      coins: cellsWhere(this.options.size, (cell) => this.#floor[cell] === COIN),
      exit: this.#exit,
      agent: this.agent,
      asked: this.#asked,
      collected: this.#collected,
    };
  }

  protected override load({ coins, exit, agent, asked, collected }: State): void {
    this.#floor.fill(0);
    for (const cell of coins) this.#floor[cell] = COIN;
    this.#floor[exit] = EXIT;
    this.#exit = exit;
    this.agent = agent;
    this.#asked = asked;
    this.#collected = collected;
  }

  /** Adds a coin on a cell that leaves a way to the exit free, each equally likely; none where there is no such cell. */
  #drop(random: Random): void {
    const { size } = this.options;
    const free = cellsWhere(size, (cell) => this.#floor[cell] === 0 && cell !== this.agent);
    while (free.length > 0) {
      const [cell] = free.splice(random.integer(0, free.length - 1), 1);
      this.#floor[cell!] = COIN;
      const steps = distances(size, this.agent, (other) => this.#floor[other] !== COIN);
      if (steps[this.#exit] !== -1) return;
      this.#floor[cell!] = 0;
    }
  }
}

const countCoins: EnvSpec = {
  id: 'CountCoins-v0',
  summary: 'Collect exactly as many coins as you are told, then leave.',
  options,
  resetOptions,
  create: (given) => new CountCoins(given as CountCoinsInput),
};

register(countCoins);
