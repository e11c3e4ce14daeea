/**
 * TimedGrid-v0: step onto the target at exactly the time `t` that you are told (Trask et al. 2018, section 4.5).
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall changes nothing |
 * | pixels | uint8 [56, 56, 3]: black ground, red target, grey agent, which covers the target on arrival |
 * | instruction | float32 [1]: `t`, unscaled |
 * | start | agent and target on different cells of 5 × 5, every pair equally likely; `t` uniform in 5..12 |
 * | reward | on arrival at step `k`: linear `max(0, m − |k − t|)`, exact `m` if `k = t`, with m = 10; otherwise 0 |
 * | terminated | when the agent first steps onto the target |
 * | truncated | without arrival by step 12 + 12 (`timeMax` + `slack`), or `t` + 12 where `reset` fixed `t` |
 * | metrics | `exact` and `arrived`, 0 or 1; `error`, `k − t`, of an arrival only |
 *
 * TimedGrid-3x3-v0 and TimedGrid-9x9-v0 differ in their defaults: 3 × 3 with `t` in 4..10; 9 × 9 in 72 × 72 pixels with `t` in
 * 16..24 and m = 24. Every target can be reached from every start in the least time. In the large grid an untrained agent arrives
 * far too early; the larger maximum still rewards it for arriving a little later.
 */

import * as z from 'zod';
import type { EnvSpec } from '../contract.ts';
import type { Random } from '../random.ts';
import { register } from '../registry.ts';
import { neighbour, stepsBetween, twoCells } from './base/grid.ts';
import {
  colour,
  consistent,
  drawable,
  gridOptions,
  ordered,
  time,
  timeOptions,
  timeResetOptions,
} from './base/grid-options.ts';
import type { EpisodeOf } from './base/grid-world.ts';
import { TargetWorld } from './base/target-world.ts';

/** The options of a timed grid, with the defaults of one id. */
const optionsOf = (usual: Parameters<typeof gridOptions>[0] & Parameters<typeof timeOptions>[0]) =>
  z
    .strictObject({
      ...gridOptions(usual),
      targetColour: colour('target', 255, 0, 0),
      ...timeOptions(usual),
    })
    .check(consistent((options) => [ordered(options, 'timeMin', 'timeMax'), drawable(options)]));

export type TimedGridInput = z.input<ReturnType<typeof optionsOf>>;
export type TimedGridOptions = z.infer<ReturnType<typeof optionsOf>>;

const shape = (cell: z.ZodInt) => ({ cells: z.tuple([cell, cell]), time });

type Episode = EpisodeOf<typeof shape>;

export class TimedGrid extends TargetWorld<TimedGridOptions, Episode> {
  /**
   * @param spec which of the timed grids it is
   * @throws OptionError for an unknown, ill-typed or contradictory option
   */
  constructor(options?: TimedGridInput, spec: EnvSpec = timedGrid) {
    super(spec, options, shape);
  }

  protected override place(random: Random): void {
    [this.target, this.agent] = twoCells(random, this.options.size);
  }

  protected override canBeExact(): boolean {
    return stepsBetween(this.agent, this.target, this.options.size) <= this.time;
  }

  protected override go(action: number): void {
    this.agent = neighbour(this.agent, action, this.options.size);
  }

  protected override save(): Episode {
    return { cells: [this.target, this.agent], time: this.time };
  }

  protected override load({ cells, time }: Episode): void {
    [this.target, this.agent] = cells;
    this.time = time;
  }
}

/** Registers the timed grid under an id, with its own defaults. */
function define(id: string, place: string, usual: Parameters<typeof optionsOf>[0]): EnvSpec {
  const spec: EnvSpec = {
    id,
    summary: `Step onto the target${place} at exactly the time you are told.`,
    options: optionsOf(usual),
    resetOptions: timeResetOptions,
    create: (options) => new TimedGrid(options as TimedGridInput, spec),
  };
  register(spec);
  return spec;
}

const times = { timeMin: 5, timeMax: 12, slack: 12 };
const timedGrid = define('TimedGrid-v0', '', { size: 5, pixels: 56, ...times });
const smallTimes = { timeMin: 4, timeMax: 10, slack: 10 };
define('TimedGrid-3x3-v0', ' in a small grid', { size: 3, pixels: 36, ...smallTimes });
const largeTimes = { timeMin: 16, timeMax: 24, slack: 16, maxReward: 24 };
define('TimedGrid-9x9-v0', ' in a large grid', { size: 9, pixels: 72, ...largeTimes });
