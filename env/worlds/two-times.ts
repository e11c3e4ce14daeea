/**
 * TwoTimes-v0: two targets, two times: step onto the red one at `t1`, then onto the blue one at `t2`.
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall changes nothing |
 * | pixels | uint8 [36, 36, 3]: black ground, red and blue target, grey agent; the red one disappears once it is reached |
 * | instruction | float32 [2]: `t1` and `t2`, both in steps from the start, unscaled |
 * | start | agent and targets on different cells of 3 × 3, every triple equally likely; `t1` uniform in 4..7, `t2` in 11..15 |
 * | reward | on each target, reached at step `k`: `max(0, m / 2 − |k − tᵢ|)`, with m = 20; otherwise 0 |
 * | terminated | when the agent first steps onto the blue target after the red one; until then blue counts as ground |
 * | truncated | without that by step 15 + 12 (`secondMax` + `slack`), or `t2` + 12 where `reset` fixed `t2` |
 * | metrics | `exact` (both) and `arrived` (at both), 0 or 1; `firstExact`, 0 or 1; `error`, `k − t2`, of an arrival at blue only |
 *
 * Either number can be fixed. Where only `t2` is, `t1` is drawn as in training, but at most `t2` − 1. There is always time to get from anywhere to
 * anywhere: four steps before the first `t1`, and four from the last `t1` to the first `t2`.
 */

import type { EnvSpec } from '../contract.ts';
import type { InstructedNumber, OtherNumber } from '../number.ts';
import type { Random } from '../random.ts';
import { register } from '../registry.ts';
import { type DrawTiles, tileDrawer } from './base/drawing.ts';
import { cellsWhere, neighbour, stepsBetween, take } from './base/grid.ts';
import { LARGEST_TIME } from './base/grid-options.ts';
import { type EpisodeOf, GridWorld } from './base/grid-world.ts';
import {
  options,
  resetOptions,
  shape,
  type TwoTimesInput,
  type TwoTimesOptions,
  type TwoTimesResetOptions,
} from './two-times-options.ts';

/** Kinds of tile. */
const FIRST = 1;
const SECOND = 2;
const AGENT = 3;

type Episode = EpisodeOf<typeof shape>;

export class TwoTimes extends GridWorld<TwoTimesOptions, TwoTimesResetOptions, Episode> {
  override readonly number: InstructedNumber;
  readonly otherNumbers: readonly OtherNumber[];
  #episode: Episode = { targets: [0, 0], agent: 0, times: [1, 1], reached: 0 };
  readonly #draw: DrawTiles;
  readonly #tiles: Uint8Array;

  /** @throws OptionError for an unknown, ill-typed or contradictory option */
  constructor(given?: TwoTimesInput) {
    super(twoTimes, given, { told: 2, largest: LARGEST_TIME, shape });
    const { size, pixels, groundColour, firstColour, secondColour, agentColour } = this.options;
    const { firstMin, firstMax, secondMin, secondMax, maxReward } = this.options;
    this.number = {
      ...{ option: 'second', symbol: 't2', meaning: 'second time', place: 1, countsSteps: true },
      ...{ trained: [secondMin, secondMax], maxReward },
    };
    this.otherNumbers = [
      {
        ...{ option: 'first', symbol: 't1', meaning: 'first time', place: 0, countsSteps: true },
        trained: [firstMin, firstMax],
      },
    ];
    const colours = [groundColour, firstColour, secondColour, agentColour];
    this.#draw = tileDrawer({ size, pixels, colours });
    this.#tiles = new Uint8Array(size * size);
  }

  protected override begin(random: Random, fixed: TwoTimesResetOptions): void {
    const { size, firstMin, firstMax, secondMin, secondMax, slack } = this.options;
    const free = cellsWhere(size, () => true);
    const [red, blue, agent] = [take(random, free), take(random, free), take(random, free)];
    const drawn = [random.integer(firstMin, firstMax), random.integer(secondMin, secondMax)];
    const second = fixed.second ?? Math.max(drawn[1]!, (fixed.first ?? 0) + 1);
    const first = fixed.first ?? Math.min(drawn[0]!, second - 1);
    this.#episode = { targets: [red, blue], agent, times: [first, second], reached: 0 };
    this.limit = (fixed.second ?? Math.max(secondMax, second)) + slack;
  }

  protected override canBeExact(): boolean {
    const { size } = this.options;
    const { targets, agent, times } = this.#episode;
    return (
      stepsBetween(agent, targets[0], size) <= times[0] &&
      stepsBetween(targets[0], targets[1], size) <= times[1] - times[0]
    );
  }

  protected override move(action: number): number {
    const episode = this.#episode;
    episode.agent = neighbour(episode.agent, action, this.options.size);
    const isFirst = episode.reached === 0 && episode.agent === episode.targets[0];
    if (isFirst) episode.reached = this.clock;
    if (!isFirst && !this.isDone) return 0;
    const error = this.clock - episode.times[isFirst ? 0 : 1];
    return Math.max(0, this.options.maxReward / 2 - Math.abs(error));
  }

  protected override get agent(): number {
    return this.#episode.agent;
  }

  protected override get isDone(): boolean {
    const { reached, agent, targets } = this.#episode;
    return reached > 0 && agent === targets[1];
  }

  protected override metrics(): Record<string, number> {
    const { reached, times } = this.#episode;
    const firstExact = reached === times[0] ? 1 : 0;
    if (!this.isDone) return { exact: 0, arrived: 0, firstExact };
    const error = this.clock - times[1];
    return { exact: error === 0 ? firstExact : 0, arrived: 1, firstExact, error };
  }

  protected override draw(pixels: Uint8Array): void {
    const { targets, reached, agent } = this.#episode;
    this.#tiles.fill(0);
    this.#tiles[targets[1]] = SECOND;
    if (reached === 0) this.#tiles[targets[0]] = FIRST;
    this.#tiles[agent] = AGENT;
    this.#draw(this.#tiles, pixels);
  }

  protected override tell(instruction: Float32Array): void {
    instruction.set(this.#episode.times);
  }

  protected override save(): Episode {
    return structuredClone(this.#episode);
  }

  protected override load(episode: Episode): void {
    this.#episode = episode;
  }
}

const twoTimes: EnvSpec = {
  id: 'TwoTimes-v0',
  summary: 'Step onto one target at one time you are told, then onto another at a second time.',
  options,
  resetOptions,
  create: (given) => new TwoTimes(given as TwoTimesInput),
};

register(twoTimes);
