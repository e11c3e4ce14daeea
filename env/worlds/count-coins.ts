/**
 * CountCoins-v0: collect exactly `k` coins, then leave. The number counts coins, not steps.
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall changes nothing |
 * | pixels | uint8 [36, 36, 3]: black ground, yellow coins, green exit, grey agent, which covers the exit when it leaves |
 * | instruction | float32 [1]: `k`, unscaled |
 * | start | agent and exit on different cells of 3 × 3, a coin on another (`coins`); `k` uniform in 1..5 |
 * | coins | stepping onto one collects it, and another appears: the picture never shows how many were collected |
 * | reward | `m / 2k` for each coin up to the `k`th, with m = 10; on leaving with `n` coins `max(0, m / 2 − c |n − k|)`, with |
 * | | c = 2 (`costPerCoin`); otherwise 0. Doing exactly what `k` says is worth m for every `k` |
 * | terminated | when the agent steps onto the exit, or when it shuts: after step 4`k` + 8 (`stepsPerCoin` × `k` + `slack`) |
 * | truncated | never: `k` decides how long the exit stays open, so hurrying is part of the task |
 * | metrics | `exact` and `arrived` (left), 0 or 1; `error`, `n − k`, of an episode that left only |
 *
 * Every episode can be done exactly: a coin appears only where it leaves the agent a way to the exit without coins, and some coin
 * can always be reached without stepping onto another or leaving. Where there is no such cell, fewer coins lie there for a while.
 */

import type { EnvSpec } from '../contract.ts';
import type { InstructedNumber } from '../number.ts';
import type { Random } from '../random.ts';
import { register } from '../registry.ts';
import { type DrawTiles, tileDrawer } from './base/drawing.ts';
import { cellsWhere, distances, neighbour, take, twoCells } from './base/grid.ts';
import { type EpisodeOf, GridWorld } from './base/grid-world.ts';
import {
  type CountCoinsInput,
  type CountCoinsOptions,
  type CountCoinsResetOptions,
  LARGEST_COUNT,
  options,
  resetOptions,
  shape,
} from './count-coins-options.ts';

/** Kinds of tile. */
const COIN = 1;
const EXIT = 2;
const AGENT = 3;

type Episode = EpisodeOf<typeof shape>;

export class CountCoins extends GridWorld<CountCoinsOptions, CountCoinsResetOptions, Episode> {
  override readonly number: InstructedNumber;
  #episode: Episode = { coins: [], exit: 0, agent: 0, asked: 1, collected: 0 };
  readonly #draw: DrawTiles;
  readonly #tiles: Uint8Array;

  /** @throws OptionError for an unknown, ill-typed or contradictory option */
  constructor(given?: CountCoinsInput) {
    super(countCoins, given, { told: 1, largest: LARGEST_COUNT, shape });
    const { size, pixels, groundColour, coinColour, exitColour, agentColour } = this.options;
    const { countMin, countMax, maxReward } = this.options;
    this.number = {
      ...{ option: 'count', symbol: 'k', meaning: 'coins', countsSteps: false },
      ...{ trained: [countMin, countMax], maxReward },
    };
    const colours = [groundColour, coinColour, exitColour, agentColour];
    this.#draw = tileDrawer({ size, pixels, colours });
    this.#tiles = new Uint8Array(size * size);
  }

  protected override begin(random: Random, { count: fixed }: CountCoinsResetOptions): void {
    const { size, countMin, countMax, stepsPerCoin, slack } = this.options;
    const [exit, agent] = twoCells(random, size);
    const asked = fixed ?? random.integer(countMin, countMax);
    this.limit = stepsPerCoin * asked + slack;
    this.#episode = { coins: [], exit, agent, asked, collected: 0 };
    this.#dropCoins(random);
  }

  protected override move(action: number, random: Random): number {
    const { size, maxReward, costPerCoin } = this.options;
    const episode = this.#episode;
    episode.agent = neighbour(episode.agent, action, size);
    if (this.#hasLeft) {
      return Math.max(0, maxReward / 2 - costPerCoin * Math.abs(this.#error));
    }
    const coin = episode.coins.indexOf(episode.agent);
    if (coin < 0) return 0;
    episode.coins.splice(coin, 1);
    episode.collected++;
    this.#dropCoins(random);
    return this.#error <= 0 ? maxReward / (2 * episode.asked) : 0;
  }

  protected override get agent(): number {
    return this.#episode.agent;
  }

  protected override get isDone(): boolean {
    return this.#hasLeft || this.clock >= this.limit;
  }

  get #hasLeft(): boolean {
    return this.#episode.agent === this.#episode.exit;
  }

  /** Coins collected beyond those asked for. */
  get #error(): number {
    return this.#episode.collected - this.#episode.asked;
  }

  protected override metrics(): Record<string, number> {
    if (!this.#hasLeft) return { exact: 0, arrived: 0 };
    return { exact: this.#error === 0 ? 1 : 0, arrived: 1, error: this.#error };
  }

  protected override draw(pixels: Uint8Array): void {
    const { coins, exit, agent } = this.#episode;
    this.#tiles.fill(0);
    for (const coin of coins) this.#tiles[coin] = COIN;
    this.#tiles[exit] = EXIT;
    this.#tiles[agent] = AGENT;
    this.#draw(this.#tiles, pixels);
  }

  protected override tell(instruction: Float32Array): void {
    instruction[0] = this.#episode.asked;
  }

  protected override isPossible({ coins, exit, agent }: Episode): boolean {
    return !coins.includes(exit) && !coins.includes(agent);
  }

  protected override save(): Episode {
    return structuredClone(this.#episode);
  }

  protected override load(episode: Episode): void {
    this.#episode = episode;
  }

  /** Adds the coins that are missing, each on a cell that leaves a way to the exit free; fewer where there is no such cell. */
  #dropCoins(random: Random): void {
    const { size, coins: usual } = this.options;
    const { coins, exit, agent } = this.#episode;
    const isFree = (cell: number): boolean => !coins.includes(cell);
    for (let missing = usual - coins.length; missing > 0; missing--) {
      const free = cellsWhere(size, (cell) => isFree(cell) && cell !== exit && cell !== agent);
      while (free.length > 0) {
        coins.push(take(random, free));
        if (distances(size, agent, isFree)[exit] !== -1) break;
        coins.pop();
      }
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
