/**
 * MovingTarget-v0: the target walks back and forth; meet it at exactly the time you are told.
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall changes nothing |
 * | pixels | uint8 [40, 40, 3]: black ground, red target, grey agent, which covers the target when they meet |
 * | instruction | float32 [1]: the time `t`, unscaled |
 * | start | agent and target on different cells of 4 × 4, every pair and each of the four headings equally likely; `t` uniform in 6..12 |
 * | target | after every second step of the agent (`pace`) it moves one cell along its row or column, and turns at the wall |
 * | reward | when they meet at step `k`: linear `max(0, m − |k − t|)`, exact `m` if `k = t`, with m = 10; otherwise 0 |
 * | terminated | when both are on one cell at the end of a step; they can pass each other without meeting |
 * | truncated | without meeting by step 12 + 12 (`timeMax` + `slack`), or `t` + 12 where `reset` fixed `t` |
 * | metrics | `exact` and `arrived`, 0 or 1; `error`, `k − t`, of a meeting only |
 *
 * A single frame does not show where the target is heading; two frames do. From every start the agent can meet it at exactly
 * every time told.
 */

import * as z from 'zod';
import type { EnvSpec } from '../contract.ts';
import type { Random } from '../random.ts';
import { register } from '../registry.ts';
import { neighbour, twoCells } from './base/grid.ts';
import {
  colour,
  consistent,
  count,
  drawable,
  gridOptions,
  ordered,
  time,
  timeOptions,
  timeResetOptions,
} from './base/grid-options.ts';
import type { EpisodeOf } from './base/grid-world.ts';
import { TargetWorld } from './base/target-world.ts';

const options = z
  .strictObject({
    ...gridOptions({ size: 4, pixels: 40 }),
    targetColour: colour('target', 255, 0, 0),
    pace: z.int().min(1).max(64).default(2).describe('steps of the agent for each of the target'),
    ...timeOptions({ timeMin: 6, timeMax: 12, slack: 12 }),
  })
  .check(consistent((value) => [ordered(value, 'timeMin', 'timeMax'), drawable(value)]));

export type MovingTargetInput = z.input<typeof options>;
export type MovingTargetOptions = z.infer<typeof options>;

const shape = (cell: z.ZodInt) => ({
  cells: z.tuple([cell, cell]),
  heading: count.max(3),
  time,
});
type Episode = EpisodeOf<typeof shape>;

export class MovingTarget extends TargetWorld<MovingTargetOptions, Episode> {
  /** The move that the target makes next, unless a wall is in the way. */
  #heading = 0;

  /** @throws OptionError for an unknown, ill-typed or contradictory option */
  constructor(given?: MovingTargetInput) {
    super(movingTarget, given, shape);
  }

  protected override place(random: Random): void {
    [this.target, this.agent] = twoCells(random, this.options.size);
    this.#heading = random.integer(0, 3);
  }

  protected override go(action: number): void {
    const { size, pace } = this.options;
    this.agent = neighbour(this.agent, action, size);
    if (this.clock % pace !== 0) return;
    // Up and down are neighbours as numbers, and so are left and right.
    if (neighbour(this.target, this.#heading, size) === this.target) this.#heading ^= 1;
    this.target = neighbour(this.target, this.#heading, size);
  }

  protected override save(): Episode {
    return { cells: [this.target, this.agent], heading: this.#heading, time: this.time };
  }

  protected override load({ cells, heading, time }: Episode): void {
    [this.target, this.agent] = cells;
    this.#heading = heading;
    this.time = time;
  }
}

const movingTarget: EnvSpec = {
  id: 'MovingTarget-v0',
  summary: 'Meet a target that walks back and forth, at exactly the time you are told.',
  options,
  resetOptions: timeResetOptions,
  create: (given) => new MovingTarget(given as MovingTargetInput),
};

register(movingTarget);
