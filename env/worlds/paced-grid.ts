/**
 * PacedGrid-v0: step onto the target at step `p` × `b`, of which you are told `p`, the steps of a beat, and `b`, the beats.
 *
 * | | |
 * |---|---|
 * | actions | 0 up, 1 down, 2 left, 3 right, 4 pass; walking into a wall changes nothing |
 * | pixels | uint8 [36, 36, 3]: black ground, red target, grey agent, which covers the target on arrival |
 * | instruction | float32 [2]: `p` and `b`, unscaled; their product is told nowhere |
 * | start | agent and target on different cells of 3 × 3, every pair equally likely; `p` and `b` uniform in 2..4 |
 * | reward | on arrival at step `k`: `max(0, m − |k − p b|)`, with m = 10; otherwise 0 |
 * | terminated | when the agent first steps onto the target |
 * | truncated | without arrival by step 4 × 4 + 12 (`paceMax` × `beatsMax` + `slack`), with what `reset` fixed for its maximum |
 * | metrics | `exact` and `arrived`, 0 or 1; `error`, `k − p b`, of an arrival only |
 *
 * Either number can be fixed; the other is then drawn as in training. Nine pairs can be learned by heart, or by sums that happen to
 * fit. Beyond them only their product is on time.
 */

import * as z from 'zod';
import type { EnvSpec } from '../contract.ts';
import type { InstructedNumber, OtherNumber } from '../number.ts';
import type { Random } from '../random.ts';
import { register } from '../registry.ts';
import { type DrawGrid, gridDrawer } from './base/drawing.ts';
import { neighbour, stepsBetween, twoCells } from './base/grid.ts';
import {
  colour,
  consistent,
  drawable,
  gridOptions,
  LARGEST_TIME,
  ordered,
  positive,
  slack,
} from './base/grid-options.ts';
import { type EpisodeOf, GridWorld } from './base/grid-world.ts';

/** The largest of the two numbers, so that their product is a time. */
const LARGEST = Math.sqrt(LARGEST_TIME);

const factor = z.int().min(1).max(LARGEST);

const options = z
  .strictObject({
    ...gridOptions({ size: 3, pixels: 36 }),
    targetColour: colour('target', 255, 0, 0),
    paceMin: factor.default(2).describe('least steps of a beat'),
    paceMax: factor.default(4).describe('greatest steps of a beat'),
    beatsMin: factor.default(2).describe('least number of beats'),
    beatsMax: factor.default(4).describe('greatest number of beats'),
    slack: slack(12).describe('steps allowed after p × b'),
    maxReward: positive(10).describe('reward of arriving at exactly step p × b'),
  })
  .check(
    consistent((value) => [
      ordered(value, 'paceMin', 'paceMax'),
      ordered(value, 'beatsMin', 'beatsMax'),
      drawable(value),
    ]),
  );

/** Of one episode. */
const resetOptions = z.strictObject({
  pace: factor.optional().describe('steps of a beat in this episode'),
  beats: factor.optional().describe('beats of this episode, within beatsMin..beatsMax or beyond'),
});

export type PacedGridInput = z.input<typeof options>;
export type PacedGridOptions = z.infer<typeof options>;
type PacedGridResetOptions = z.infer<typeof resetOptions>;

const shape = (cell: z.ZodInt) => ({
  target: cell,
  agent: cell,
  pace: factor,
  beats: factor,
});

type Episode = EpisodeOf<typeof shape>;

export class PacedGrid extends GridWorld<PacedGridOptions, PacedGridResetOptions, Episode> {
  override readonly number: InstructedNumber;
  readonly otherNumbers: readonly OtherNumber[];
  #episode: Episode = { target: 0, agent: 0, pace: 1, beats: 1 };
  readonly #draw: DrawGrid;
  /** Of the target and the agent, in the order in which they are drawn. */
  readonly #cells = new Int32Array(2);

  /** @throws OptionError for an unknown, ill-typed or contradictory option */
  constructor(given?: PacedGridInput) {
    super(pacedGrid, given, { told: 2, largest: LARGEST, shape });
    const { size, pixels, groundColour: ground, targetColour, agentColour } = this.options;
    const { paceMin, paceMax, beatsMin, beatsMax, maxReward } = this.options;
    this.number = {
      ...{ option: 'beats', symbol: 'b', meaning: 'beats', place: 1, countsSteps: false },
      ...{ stepsEach: 'pace', trained: [beatsMin, beatsMax], maxReward },
    };
    this.otherNumbers = [
      {
        ...{ option: 'pace', symbol: 'p', meaning: 'steps of a beat', place: 0 },
        ...{ countsSteps: false, trained: [paceMin, paceMax] },
      },
    ];
    this.#draw = gridDrawer({ size, pixels, ground, things: [targetColour, agentColour] });
  }

  protected override begin(random: Random, fixed: PacedGridResetOptions): void {
    const { size, paceMin, paceMax, beatsMin, beatsMax, slack } = this.options;
    const [target, agent] = twoCells(random, size);
    const drawn = [random.integer(paceMin, paceMax), random.integer(beatsMin, beatsMax)] as const;
    const { pace = drawn[0], beats = drawn[1] } = fixed;
    this.#episode = { target, agent, pace, beats };
    this.limit = (fixed.pace ?? paceMax) * (fixed.beats ?? beatsMax) + slack;
  }

  protected override canBeExact(): boolean {
    const { target, agent, pace, beats } = this.#episode;
    return stepsBetween(agent, target, this.options.size) <= pace * beats;
  }

  protected override move(action: number): number {
    this.#episode.agent = neighbour(this.#episode.agent, action, this.options.size);
    return this.isDone ? Math.max(0, this.options.maxReward - Math.abs(this.#error)) : 0;
  }

  protected override get agent(): number {
    return this.#episode.agent;
  }

  protected override get isDone(): boolean {
    return this.#episode.agent === this.#episode.target;
  }

  /** Steps taken beyond the product of the two numbers. */
  get #error(): number {
    return this.clock - this.#episode.pace * this.#episode.beats;
  }

  protected override metrics(): Record<string, number> {
    if (!this.isDone) return { exact: 0, arrived: 0 };
    return { exact: this.#error === 0 ? 1 : 0, arrived: 1, error: this.#error };
  }

  protected override draw(pixels: Uint8Array): void {
    this.#cells[0] = this.#episode.target;
    this.#cells[1] = this.#episode.agent;
    this.#draw(this.#cells, pixels);
  }

  protected override tell(instruction: Float32Array): void {
    instruction[0] = this.#episode.pace;
    instruction[1] = this.#episode.beats;
  }

  protected override save(): Episode {
    return { ...this.#episode };
  }

  protected override load(episode: Episode): void {
    this.#episode = episode;
  }
}

const pacedGrid: EnvSpec = {
  id: 'PacedGrid-v0',
  summary:
    'Step onto the target after as many beats as you are told, each of as many steps as you are told.',
  options,
  resetOptions,
  create: (given) => new PacedGrid(given as PacedGridInput),
};

register(pacedGrid);
