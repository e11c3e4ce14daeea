/**
 * TimedMaze-v0: the timed grid with walls: know the way and the time it takes.
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall stays |
 * | pixels | uint8 [32, 32, 3]: black ground, blue walls, red target, grey agent, which covers the target on arrival |
 * | instruction | float32 [1]: the time `t`, unscaled |
 * | start | 4 × 4 cells with 2 walls (`walls`), anew in each episode, or one of `levels`; `t` uniform in 6..12 |
 * | reward | on arrival at step `k`: linear `max(0, m − |k − t|)`, exact `m` if `k = t`, with m = 10; otherwise 0 |
 * | terminated | when the agent first steps onto the target |
 * | truncated | without arrival by step 12 + 12 (`timeMax` + `slack`), or `t` + 12 where `reset` fixed `t` |
 * | metrics | `exact` and `arrived`, 0 or 1; `error`, `k − t`, of an arrival only |
 *
 * Every episode can be solved: a wall is put only where the rest stays in one piece, and the agent starts on one of the cells from
 * which the shortest way to the target takes at most `timeMin` steps, each equally likely.
 */

import * as z from 'zod';
import type { Env, EnvSpec, Frame, Json, Observation } from '../contract.ts';
import { type ResetArguments, type ResetResult, restart, type StepResult } from '../contract.ts';
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
  pick,
  requireStep,
} from './grid.ts';
import { count, LARGEST_TIME, timeResetOptions } from './grid-options.ts';
import {
  options,
  readLevel,
  type TimedMazeInput,
  type TimedMazeOptions,
} from './timed-maze-options.ts';
import { Timer, timerState, toldTime } from './timer.ts';

const ID = 'TimedMaze-v0';

/** Kinds of tile. */
const WALL = 1;
const TARGET = 2;
const AGENT = 3;

const stateSchema = z.strictObject({
  random: randomStateSchema,
  walls: z.array(count),
  target: count,
  agent: count,
  ...timerState,
});

export class TimedMaze implements Env {
  readonly spec = timedMaze;
  readonly options: TimedMazeOptions;
  readonly observationSpace: { readonly pixels: Box; readonly instruction: Box };
  readonly actionSpace = new Discrete(MOVES);
  readonly number: InstructedNumber;
  readonly #draw: DrawTiles;
  readonly #timer: Timer;
  #random: Random | undefined;
  /** `WALL` or 0 for each cell. */
  readonly #walls: Uint8Array;
  readonly #tiles: Uint8Array;
  #target = 0;
  #agent = 0;

  /** @throws OptionError for an unknown, ill-typed or contradictory option, and for a level that cannot be solved */
  constructor(given?: TimedMazeInput) {
    this.options = parseOptions(ID, options, given);
    const { size, pixels } = this.options;
    const { groundColour, wallColour, targetColour, agentColour } = this.options;
    this.observationSpace = {
      pixels: new Box([pixels, pixels, 3], 'uint8', 0, 255),
      instruction: new Box([1], 'float32', 0, LARGEST_TIME),
    };
    this.number = toldTime(this.options);
    this.#timer = new Timer(this.options);
    this.#walls = new Uint8Array(size * size);
    this.#tiles = new Uint8Array(size * size);
    const colours = [groundColour, wallColour, targetColour, agentColour];
    this.#draw = tileDrawer({ size, pixels, colours });
  }

  reset({ seed, options: given }: ResetArguments = {}, into?: Observation): ResetResult {
    const fixed = given && parseOptions(ID, timeResetOptions, given).time;
    if (seed !== undefined) this.#random = new Random(seed);
    this.#random ??= new Random();
    const { levels, timeMin } = this.options;
    if (levels.length === 0) {
      this.#build(this.#random);
      this.#place(this.#random, -1, -1, timeMin);
    } else {
      const { walls, target, agent } = readLevel(pick(this.#random, levels));
      walls.forEach((wall, cell) => {
        this.#walls[cell] = wall ? WALL : 0;
      });
      this.#place(this.#random, target, agent, timeMin);
    }
    this.#timer.begin(this.#random, fixed);
    return restart(this.#observe(into));
  }

  step(action: number, into?: Observation): StepResult {
    const over = this.#agent === this.#target || this.#timer.isOut;
    requireStep(ID, { begun: this.#random !== undefined, over }, this.actionSpace, action);
    const next = neighbour(this.#agent, action, this.options.size);
    if (this.#isOpen(next)) this.#agent = next;
    this.#timer.tick();
    return this.#timer.result(this.#observe(into), this.#agent === this.#target);
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
      walls: cellsWhere(this.options.size, (cell) => !this.#isOpen(cell)),
      target: this.#target,
      agent: this.#agent,
      ...this.#timer.state(),
    };
  }

  restore(given: Json, into?: Observation): Observation {
    const { success, data } = stateSchema.safeParse(given);
    const cells = this.options.size ** 2;
    if (
      !success ||
      [data.agent, data.target, ...data.walls].some((cell) => cell >= cells) ||
      data.walls.some((cell) => cell === data.agent || cell === data.target)
    ) {
      throw foreignState(ID);
    }
    this.#random = Random.restore(data.random);
    this.#walls.fill(0);
    for (const cell of data.walls) this.#walls[cell] = WALL;
    this.#target = data.target;
    this.#agent = data.agent;
    this.#timer.restore(data);
    return this.#observe(into);
  }

  readonly #isOpen = (cell: number): boolean => this.#walls[cell] === 0;

  /** Walls at random, none where it would cut the floor in two. */
  #build(random: Random): void {
    const { size, walls } = this.options;
    this.#walls.fill(0);
    const cells = cellsWhere(size, () => true);
    for (let left = Math.min(walls, cells.length - 2); left > 0 && cells.length > 0; ) {
      const [cell] = cells.splice(random.integer(0, cells.length - 1), 1);
      this.#walls[cell!] = WALL;
      const floor = cellsWhere(size, this.#isOpen);
      const steps = distances(size, floor[0]!, this.#isOpen);
      if (floor.some((other) => steps[other] === -1)) this.#walls[cell!] = 0;
      else left--;
    }
  }

  /** Puts the target and the agent where a level has them, or at random, no further apart than the least time. */
  #place(random: Random, target: number, agent: number, timeMin: number): void {
    const { size } = this.options;
    const near = (from: number): number[] => {
      const steps = distances(size, from, this.#isOpen);
      return cellsWhere(size, (cell) => steps[cell]! > 0 && steps[cell]! <= timeMin);
    };
    if (target >= 0) this.#target = target;
    else if (agent >= 0) this.#target = pick(random, near(agent));
    else this.#target = pick(random, cellsWhere(size, this.#isOpen));
    this.#agent = agent >= 0 ? agent : pick(random, near(this.#target));
  }

  #show(pixels: Uint8Array): void {
    this.#tiles.set(this.#walls);
    this.#tiles[this.#target] = TARGET;
    this.#tiles[this.#agent] = AGENT;
    this.#draw(this.#tiles, pixels);
  }

  #observe(into: Observation = allocate(this.observationSpace)): Observation {
    this.#show(into.pixels);
    into.instruction[0] = this.#timer.told;
    return into;
  }
}

const timedMaze: EnvSpec = {
  id: ID,
  summary: 'Find the way through a maze and be at its end at exactly the time that you were told.',
  options,
  resetOptions: timeResetOptions,
  create: (given) => new TimedMaze(given as TimedMazeInput),
};

register(timedMaze);
