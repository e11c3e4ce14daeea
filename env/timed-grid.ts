/**
 * TimedGrid-v0: be told a time `t`, step onto the target at exactly that time (Trask et al. 2018, section 4.5).
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall stays |
 * | pixels | uint8 [56, 56, 3]: black ground, red target, grey agent, which covers the target on arrival |
 * | instruction | float32 [1]: `t`, unscaled |
 * | start | agent and target on different cells of 5 × 5, every pair equally likely; `t` uniform in 5..12 |
 * | reward | on arrival at step `k`: linear `max(0, m − |k − t|)`, exact `m` if `k = t`, with m = 10; otherwise 0 |
 * | terminated | when the agent first steps onto the target |
 * | truncated | without arrival by step 12 + 12 (`timeMax` + `slack`), or `t` + 12 where `reset` fixed `t` |
 * | metrics | `exact` and `arrived`, 0 or 1; `error`, `k − t`, of an arrival only |
 */

import * as z from 'zod';
import type {
  Env,
  EnvSpec,
  Frame,
  Json,
  Observation,
  ResetArguments,
  ResetResult,
  StepResult,
} from './contract.ts';
import { restart, termination, transition, truncation } from './contract.ts';
import { type DrawGrid, gridDrawer } from './drawing.ts';
import { EnvError } from './errors.ts';
import type { InstructedNumber } from './number.ts';
import { parseOptions } from './options.ts';
import { Random, randomStateSchema } from './random.ts';
import { register } from './registry.ts';
import { Box, Discrete } from './spaces.ts';
import {
  LARGEST_TIME,
  options,
  resetOptions,
  type TimedGridInput,
  type TimedGridOptions,
  time,
} from './timed-grid-options.ts';

const ID = 'TimedGrid-v0';

const count = z.int().min(0);
const stateSchema = z.strictObject({
  random: randomStateSchema,
  cells: z.tuple([count, count]),
  time,
  limit: count,
  clock: count,
});

export class TimedGrid implements Env {
  readonly spec = timedGrid;
  readonly options: TimedGridOptions;
  readonly observationSpace: { readonly pixels: Box; readonly instruction: Box };
  readonly actionSpace = new Discrete(['up', 'down', 'left', 'right', 'pass']);
  readonly number: InstructedNumber;
  readonly #draw: DrawGrid;
  #random: Random | undefined;
  /** Where the target and the agent are, in the order in which they are drawn. */
  readonly #cells = new Int32Array(2);
  #time = 0;
  #limit = 0;
  #clock = 0;

  /** @throws OptionError for an unknown, ill-typed or contradictory option */
  constructor(given?: TimedGridInput) {
    this.options = parseOptions(ID, options, given);
    const { size, pixels, timeMin, timeMax, maxReward } = this.options;
    const { groundColour, agentColour, targetColour } = this.options;
    this.observationSpace = {
      pixels: new Box([pixels, pixels, 3], 'uint8', 0, 255),
      instruction: new Box([1], 'float32', 0, LARGEST_TIME),
    };
    this.number = {
      ...{ option: 'time', symbol: 't', meaning: 'time', countsSteps: true },
      trained: [timeMin, timeMax],
      maxReward,
    };
    this.#draw = gridDrawer({
      size,
      pixels,
      ground: groundColour,
      things: [targetColour, agentColour],
    });
  }

  reset({ seed, options: given }: ResetArguments = {}, into?: Observation): ResetResult {
    const fixed = given === undefined ? undefined : parseOptions(ID, resetOptions, given).time;
    if (seed !== undefined) this.#random = new Random(seed);
    this.#random ??= new Random();
    const { size, timeMin, timeMax, slack } = this.options;
    const target = this.#random.integer(0, size * size - 1);
    const agent = this.#random.integer(0, size * size - 2);
    this.#cells[0] = target;
    this.#cells[1] = agent < target ? agent : agent + 1;
    this.#time = fixed ?? this.#random.integer(timeMin, timeMax);
    this.#limit = (fixed ?? timeMax) + slack;
    this.#clock = 0;
    return restart(this.#observe(into));
  }

  step(action: number, into?: Observation): StepResult {
    if (this.#random === undefined) throw new EnvError(`${ID}: reset it before the first step`);
    if (this.#arrived || this.#clock >= this.#limit) {
      throw new EnvError(`${ID}: the episode is over; reset it before the next step`);
    }
    if (!this.actionSpace.contains(action)) {
      throw new EnvError(`${ID}: an action is a whole number from 0 to 4, not ${action}`);
    }
    this.#cells[1] = this.#neighbour(this.#cells[1]!, action);
    this.#clock++;
    const observation = this.#observe(into);
    if (this.#arrived) {
      const error = this.#clock - this.#time;
      const metrics = { exact: error === 0 ? 1 : 0, arrived: 1, error };
      return termination(observation, this.#reward(error), { metrics });
    }
    if (this.#clock < this.#limit) return transition(observation, 0);
    return truncation(observation, 0, { metrics: { exact: 0, arrived: 0 } });
  }

  render(): Frame {
    const { pixels: side } = this.options;
    const pixels = new Uint8Array(this.observationSpace.pixels.length);
    this.#draw(this.#cells, pixels);
    return { pixels, height: side, width: side };
  }

  /** The middle of the agent's cell. */
  position(): { readonly x: number; readonly y: number } {
    const { size } = this.options;
    const cell = this.#cells[1]!;
    return { x: ((cell % size) + 0.5) / size, y: (Math.floor(cell / size) + 0.5) / size };
  }

  close(): void {}

  state(): Json {
    if (this.#random === undefined) throw new EnvError(`${ID}: reset it before taking its state`);
    return {
      random: this.#random.state(),
      cells: [...this.#cells],
      time: this.#time,
      limit: this.#limit,
      clock: this.#clock,
    };
  }

  restore(given: Json, into?: Observation): Observation {
    const { success, data } = stateSchema.safeParse(given);
    if (!success || data.cells.some((cell) => cell >= this.options.size ** 2)) {
      throw new EnvError(`${ID}: this is not a state of a world with the same options`);
    }
    this.#random = Random.restore(data.random);
    this.#cells.set(data.cells);
    this.#time = data.time;
    this.#limit = data.limit;
    this.#clock = data.clock;
    return this.#observe(into);
  }

  get #arrived(): boolean {
    return this.#cells[0] === this.#cells[1];
  }

  /** The cell that an action leads to. */
  #neighbour(cell: number, action: number): number {
    const { size } = this.options;
    const column = cell % size;
    if (action === 0) return cell >= size ? cell - size : cell;
    if (action === 1) return cell < size * (size - 1) ? cell + size : cell;
    if (action === 2) return column > 0 ? cell - 1 : cell;
    if (action === 3) return column < size - 1 ? cell + 1 : cell;
    return cell;
  }

  /** @param error arrival less the time told, in steps */
  #reward(error: number): number {
    const { timing, maxReward } = this.options;
    if (timing === 'exact') return error === 0 ? maxReward : 0;
    return Math.max(0, maxReward - Math.abs(error));
  }

  #observe(into?: Observation): Observation {
    const observation = into ?? {
      pixels: new Uint8Array(this.observationSpace.pixels.length),
      instruction: new Float32Array(1),
    };
    this.#draw(this.#cells, observation.pixels);
    const told = this.#clock === 0 || this.options.instruction === 'always';
    observation.instruction[0] = told ? this.#time : 0;
    return observation;
  }
}

const timedGrid: EnvSpec = {
  id: ID,
  summary: 'Step onto the target at exactly the time that you were told.',
  options,
  resetOptions,
  create: (given) => new TimedGrid(given as TimedGridInput),
};

register(timedGrid);
