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
 *
 * TimedGrid-3x3-v0 and TimedGrid-9x9-v0 are the same with other defaults, their least time that in which every start can reach
 * every target: 3 × 3, `t` in 4..10; and 9 × 9 in 72 × 72 pixels, `t` in 16..24, m = 24: an untrained agent arrives
 * far too early, and the larger maximum still pays it for arriving a little later.
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
import { count, LARGEST_TIME } from './grid-options.ts';
import {
  resetOptions,
  type TimedGridInput,
  type TimedGridOptions,
  timedGridOptions,
} from './timed-grid-options.ts';
import { Timer, timerState, toldTime } from './timer.ts';

const stateSchema = z.strictObject({
  random: randomStateSchema,
  cells: z.tuple([count, count]),
  ...timerState,
});

export class TimedGrid implements Env {
  readonly spec: EnvSpec;
  readonly options: TimedGridOptions;
  readonly observationSpace: { readonly pixels: Box; readonly instruction: Box };
  readonly actionSpace = new Discrete(MOVES);
  readonly number: InstructedNumber;
  readonly #draw: DrawGrid;
  readonly #timer: Timer;
  #random: Random | undefined;
  /** Where the target and the agent are, in the order in which they are drawn. */
  readonly #cells = new Int32Array(2);

  /**
   * @param spec which of the timed grids it is
   * @throws OptionError for an unknown, ill-typed or contradictory option
   */
  constructor(given?: TimedGridInput, spec: EnvSpec = timedGrid) {
    this.spec = spec;
    this.options = parseOptions(spec.id, spec.options, given) as TimedGridOptions;
    const { size, pixels, groundColour, agentColour, targetColour } = this.options;
    this.observationSpace = {
      pixels: new Box([pixels, pixels, 3], 'uint8', 0, 255),
      instruction: new Box([1], 'float32', 0, LARGEST_TIME),
    };
    this.number = toldTime(this.options);
    this.#timer = new Timer(this.options);
    this.#draw = gridDrawer({
      size,
      pixels,
      ground: groundColour,
      things: [targetColour, agentColour],
    });
  }

  reset({ seed, options: given }: ResetArguments = {}, into?: Observation): ResetResult {
    const fixed = given && parseOptions(this.spec.id, resetOptions, given).time;
    if (seed !== undefined) this.#random = new Random(seed);
    this.#random ??= new Random();
    const { size } = this.options;
    const target = this.#random.integer(0, size * size - 1);
    const agent = this.#random.integer(0, size * size - 2);
    this.#cells[0] = target;
    this.#cells[1] = agent < target ? agent : agent + 1;
    this.#timer.begin(this.#random, fixed);
    return restart(this.#observe(into));
  }

  step(action: number, into?: Observation): StepResult {
    const episode = { begun: this.#random !== undefined, over: this.#arrived || this.#timer.isOut };
    requireStep(this.spec.id, episode, this.actionSpace, action);
    this.#cells[1] = neighbour(this.#cells[1]!, action, this.options.size);
    this.#timer.tick();
    return this.#timer.result(this.#observe(into), this.#arrived);
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
    if (this.#random === undefined) {
      throw new EnvError(`${this.spec.id}: reset it before taking its state`);
    }
    return {
      random: this.#random.state(),
      cells: [...this.#cells],
      ...this.#timer.state(),
    };
  }

  restore(given: Json, into?: Observation): Observation {
    const { success, data } = stateSchema.safeParse(given);
    if (!success || data.cells.some((cell) => cell >= this.options.size ** 2)) {
      throw foreignState(this.spec.id);
    }
    this.#random = Random.restore(data.random);
    this.#cells.set(data.cells);
    this.#timer.restore(data);
    return this.#observe(into);
  }

  get #arrived(): boolean {
    return this.#cells[0] === this.#cells[1];
  }

  #observe(into: Observation = allocate(this.observationSpace)): Observation {
    this.#draw(this.#cells, into.pixels);
    into.instruction[0] = this.#timer.told;
    return into;
  }
}

/** Registers the timed grid under an id, with defaults of its own. */
function define(id: string, place: string, usual: Parameters<typeof timedGridOptions>[0]): EnvSpec {
  const spec: EnvSpec = {
    id,
    summary: `Step onto the target${place} at exactly the time that you were told.`,
    options: timedGridOptions(usual),
    resetOptions,
    create: (given) => new TimedGrid(given as TimedGridInput, spec),
  };
  register(spec);
  return spec;
}

const timedGrid = define('TimedGrid-v0', '', {
  size: 5,
  pixels: 56,
  timeMin: 5,
  timeMax: 12,
  slack: 12,
});
define('TimedGrid-3x3-v0', ' of a small grid', {
  size: 3,
  pixels: 36,
  timeMin: 4,
  timeMax: 10,
  slack: 10,
});
define('TimedGrid-9x9-v0', ' of a large grid', {
  size: 9,
  pixels: 72,
  timeMin: 16,
  timeMax: 24,
  slack: 16,
  maxReward: 24,
});
