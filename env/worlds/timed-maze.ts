/**
 * TimedMaze-v0: the timed grid with walls: the agent has to know the way, and how long it takes.
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall changes nothing |
 * | pixels | uint8 [32, 32, 3]: black ground, blue walls, red target, grey agent, which covers the target on arrival |
 * | instruction | float32 [1]: the time `t`, unscaled |
 * | start | 4 × 4 cells with 2 walls (`walls`), new ones in each episode, or one of `levels`; `t` uniform in 6..12 |
 * | reward | on arrival at step `k`: linear `max(0, m − |k − t|)`, exact `m` if `k = t`, with m = 10; otherwise 0 |
 * | terminated | when the agent first steps onto the target |
 * | truncated | without arrival by step 12 + 12 (`timeMax` + `slack`), or `t` + 12 where `reset` fixed `t` |
 * | metrics | `exact` and `arrived`, 0 or 1; `error`, `k − t`, of an arrival only |
 *
 * Every episode can be solved: a wall is placed only where it does not cut the floor in two, and the agent starts on a cell from
 * which the shortest way to the target takes at most `timeMin` steps, each such cell equally likely.
 */

import * as z from 'zod';
import type { EnvSpec } from '../contract.ts';
import type { Random } from '../random.ts';
import { register } from '../registry.ts';
import { type DrawTiles, tileDrawer } from './base/drawing.ts';
import { cellsWhere, distances, neighbour, pick, take } from './base/grid.ts';
import { time, timeResetOptions } from './base/grid-options.ts';
import type { EpisodeOf } from './base/grid-world.ts';
import { TimedWorld } from './base/timed-world.ts';
import {
  options,
  readLevel,
  type TimedMazeInput,
  type TimedMazeOptions,
} from './timed-maze-options.ts';

/** Kinds of tile. */
const WALL = 1;
const TARGET = 2;
const AGENT = 3;

const shape = (cell: z.ZodInt) => ({ walls: z.array(cell), target: cell, agent: cell, time });
type Episode = EpisodeOf<typeof shape>;

export class TimedMaze extends TimedWorld<TimedMazeOptions, Episode> {
  readonly #draw: DrawTiles;
  /** `WALL` or 0 for each cell. */
  readonly #walls: Uint8Array;
  readonly #tiles: Uint8Array;
  #target = 0;
  protected override agent = 0;

  /** @throws OptionError for an unknown, ill-typed or contradictory option, and for a level that cannot be solved */
  constructor(given?: TimedMazeInput) {
    super(timedMaze, given, shape);
    const { size, pixels, groundColour, wallColour, targetColour, agentColour } = this.options;
    const colours = [groundColour, wallColour, targetColour, agentColour];
    this.#draw = tileDrawer({ size, pixels, colours });
    this.#walls = new Uint8Array(size * size);
    this.#tiles = new Uint8Array(size * size);
  }

  protected override place(random: Random): void {
    const { levels, size } = this.options;
    const level = levels.length > 0 ? readLevel(pick(random, levels)) : undefined;
    if (level) this.#build(cellsWhere(size, (cell) => level.walls[cell]!));
    else this.#buildAtRandom(random);
    this.#placeBoth(random, level?.target ?? -1, level?.agent ?? -1);
  }

  protected override canBeExact(): boolean {
    // The target is never further away than that.
    if (this.time >= this.options.timeMin) return true;
    const steps = distances(this.options.size, this.agent, this.#isOpen);
    return steps[this.#target]! <= this.time;
  }

  protected override go(action: number): void {
    const next = neighbour(this.agent, action, this.options.size);
    if (this.#isOpen(next)) this.agent = next;
  }

  protected override get isDone(): boolean {
    return this.agent === this.#target;
  }

  protected override draw(pixels: Uint8Array): void {
    this.#tiles.set(this.#walls);
    this.#tiles[this.#target] = TARGET;
    this.#tiles[this.agent] = AGENT;
    this.#draw(this.#tiles, pixels);
  }

  protected override isPossible({ walls, target, agent }: Episode): boolean {
    return !walls.includes(target) && !walls.includes(agent);
  }

  protected override save(): Episode {
    const walls = cellsWhere(this.options.size, (cell) => !this.#isOpen(cell));
    return { walls, target: this.#target, agent: this.agent, time: this.time };
  }

  protected override load({ walls, target, agent, time }: Episode): void {
    this.#build(walls);
    this.#target = target;
    this.agent = agent;
    this.time = time;
  }

  readonly #isOpen = (cell: number): boolean => this.#walls[cell] === 0;

  #build(walls: readonly number[]): void {
    this.#walls.fill(0);
    for (const cell of walls) this.#walls[cell] = WALL;
  }

  /** Places walls at random, none where it would cut the floor in two. */
  #buildAtRandom(random: Random): void {
    const { size, walls } = this.options;
    this.#build([]);
    const isWhole = (): boolean => {
      const floor = cellsWhere(size, this.#isOpen);
      const steps = distances(size, floor[0]!, this.#isOpen);
      return floor.every((cell) => steps[cell] !== -1);
    };
    const cells = cellsWhere(size, () => true);
    for (let left = Math.min(walls, cells.length - 2); left > 0 && cells.length > 0; ) {
      const cell = take(random, cells);
      this.#walls[cell] = WALL;
      if (isWhole()) left--;
      else this.#walls[cell] = 0;
    }
  }

  /** Places the target and the agent where a level has them, else at random, at most the least time apart. */
  #placeBoth(random: Random, target: number, agent: number): void {
    const { size, timeMin } = this.options;
    const near = (from: number): number => {
      const steps = distances(size, from, this.#isOpen);
      const isNear = (cell: number) => steps[cell]! > 0 && steps[cell]! <= timeMin;
      return pick(random, cellsWhere(size, isNear));
    };
    if (target >= 0) this.#target = target;
    else if (agent >= 0) this.#target = near(agent);
    else this.#target = pick(random, cellsWhere(size, this.#isOpen));
    this.agent = agent >= 0 ? agent : near(this.#target);
  }
}

const timedMaze: EnvSpec = {
  id: 'TimedMaze-v0',
  summary: 'Find the way through a maze and reach its end at exactly the time you are told.',
  options,
  resetOptions: timeResetOptions,
  create: (given) => new TimedMaze(given as TimedMazeInput),
};

register(timedMaze);
