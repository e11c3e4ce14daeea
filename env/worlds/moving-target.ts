/**
 * MovingTarget-v0: the target walks to and fro; be where it is at exactly the time told.
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall stays |
 * | pixels | uint8 [40, 40, 3]: black ground, red target, grey agent, which covers the target when they meet |
 * | instruction | float32 [1]: the time `t`, unscaled |
 * | start | agent and target on different cells of 4 × 4, every pair and each of four headings equally likely; `t` uniform in 6..12 |
 * | target | after every second step of the agent (`pace`) it goes one cell along its row or column, and turns at the wall |
 * | reward | when they meet at step `k`: linear `max(0, m − |k − t|)`, exact `m` if `k = t`, with m = 10; otherwise 0 |
 * | terminated | when both are on one cell at the end of a step, whoever came; they can pass each other |
 * | truncated | without meeting by step 12 + 12 (`timeMax` + `slack`), or `t` + 12 where `reset` fixed `t` |
 * | metrics | `exact` and `arrived`, 0 or 1; `error`, `k − t`, of a meeting only |
 *
 * Where the target heads cannot be seen in one picture: it is learned from two. From every start they can meet at exactly every
 * time told.
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
import { type DrawGrid, gridDrawer } from './drawing.ts';
import { allocate, centre, foreignState, MOVES, neighbour, requireStep } from './grid.ts';
import {
  colour,
  consistent,
  count,
  drawable,
  gridOptions,
  LARGEST_TIME,
  ordered,
  timeOptions,
  timeResetOptions,
} from './grid-options.ts';
import { Timer, timerState, toldTime } from './timer.ts';

const ID = 'MovingTarget-v0';

const options = z
  .strictObject({
    ...gridOptions({ size: 4, pixels: 40 }),
    targetColour: colour.default([255, 0, 0]).describe('red, green and blue of the target'),
    pace: z.int().min(1).max(64).default(2).describe('steps of the agent for each of the target'),
    ...timeOptions({ timeMin: 6, timeMax: 12, slack: 12 }),
  })
  .check(consistent((value) => [ordered(value, 'timeMin', 'timeMax'), drawable(value)]));

export type MovingTargetInput = z.input<typeof options>;
export type MovingTargetOptions = z.infer<typeof options>;

const stateSchema = z.strictObject({
  random: randomStateSchema,
  cells: z.tuple([count, count]),
  heading: count.max(3),
  ...timerState,
});

export class MovingTarget implements Env {
  readonly spec = movingTarget;
  readonly options: MovingTargetOptions;
  readonly observationSpace: { readonly pixels: Box; readonly instruction: Box };
  readonly actionSpace = new Discrete(MOVES);
  readonly number: InstructedNumber;
  readonly #draw: DrawGrid;
  readonly #timer: Timer;
  #random: Random | undefined;
  /** Where the target and the agent are, in the order in which they are drawn. */
  readonly #cells = new Int32Array(2);
  /** The move that the target makes next, unless a wall is there. */
  #heading = 0;

  /** @throws OptionError for an unknown, ill-typed or contradictory option */
  constructor(given?: MovingTargetInput) {
    this.options = parseOptions(ID, options, given);
    const { size, pixels, groundColour, agentColour, targetColour } = this.options;
    this.observationSpace = {
      pixels: new Box([pixels, pixels, 3], 'uint8', 0, 255),
      instruction: new Box([1], 'float32', 0, LARGEST_TIME),
    };
    this.number = toldTime(this.options);
    this.#timer = new Timer(this.options);
    const things = [targetColour, agentColour];
    this.#draw = gridDrawer({ size, pixels, ground: groundColour, things });
  }

  reset({ seed, options: given }: ResetArguments = {}, into?: Observation): ResetResult {
    const fixed = given && parseOptions(ID, timeResetOptions, given).time;
    if (seed !== undefined) this.#random = new Random(seed);
    this.#random ??= new Random();
    const { size } = this.options;
    const target = this.#random.integer(0, size * size - 1);
    const agent = this.#random.integer(0, size * size - 2);
    this.#cells[0] = target;
    this.#cells[1] = agent < target ? agent : agent + 1;
    this.#heading = this.#random.integer(0, 3);
    this.#timer.begin(this.#random, fixed);
    return restart(this.#observe(into));
  }

  step(action: number, into?: Observation): StepResult {
    const episode = { begun: this.#random !== undefined, over: this.#met || this.#timer.isOut };
    requireStep(ID, episode, this.actionSpace, action);
    this.#cells[1] = neighbour(this.#cells[1]!, action, this.options.size);
    this.#timer.tick();
    if (this.#timer.clock % this.options.pace === 0) this.#walk();
    return this.#timer.result(this.#observe(into), this.#met);
  }

  render(): Frame {
    const { pixels: side } = this.options;
    const pixels = new Uint8Array(this.observationSpace.pixels.length);
    this.#draw(this.#cells, pixels);
    return { pixels, height: side, width: side };
  }

  /** The middle of the agent's cell. */
  position(): { readonly x: number; readonly y: number } {
    return centre(this.#cells[1]!, this.options.size);
  }

  close(): void {}

  state(): Json {
    if (this.#random === undefined) throw new EnvError(`${ID}: reset it before taking its state`);
    return {
      random: this.#random.state(),
      cells: [...this.#cells],
      heading: this.#heading,
      ...this.#timer.state(),
    };
  }

  restore(given: Json, into?: Observation): Observation {
    const { success, data } = stateSchema.safeParse(given);
    if (!success || data.cells.some((cell) => cell >= this.options.size ** 2)) {
      throw foreignState(ID);
    }
    this.#random = Random.restore(data.random);
    this.#cells.set(data.cells);
    this.#heading = data.heading;
    this.#timer.restore(data);
    return this.#observe(into);
  }

  get #met(): boolean {
    return this.#cells[0] === this.#cells[1];
  }

  /** The target goes on, or turns and goes back. */
  #walk(): void {
    const { size } = this.options;
    const target = this.#cells[0]!;
    // Up and down, left and right are next to each other.
    if (neighbour(target, this.#heading, size) === target) this.#heading ^= 1;
    this.#cells[0] = neighbour(target, this.#heading, size);
  }

  #observe(into: Observation = allocate(this.observationSpace)): Observation {
    this.#draw(this.#cells, into.pixels);
    into.instruction[0] = this.#timer.told;
    return into;
  }
}

const movingTarget: EnvSpec = {
  id: ID,
  summary: 'Meet a target that walks to and fro at exactly the time that you were told.',
  options,
  resetOptions: timeResetOptions,
  create: (given) => new MovingTarget(given as MovingTargetInput),
};

register(movingTarget);
