import * as z from 'zod';
import type { Machine } from '../common/machine.ts';
import type { Evaluation, Row } from '../evaluate/results.ts';
import type { Occasion } from './planned-run.ts';
import type { Training } from './same-training.ts';

/** How a training stood after so many frames. */
export interface LearningPoint {
  readonly frames: number;
  /** Mean reward of the last episodes before, as training plays and logs them; null where none ended. */
  readonly reward: number | null;
  /** Share of them that were exact. */
  readonly exact: number | null;
  /** The weights of each neural accumulator. */
  readonly weights?: Readonly<Record<string, readonly number[]>>;
}

/** Everything that a report needs of one run; it outlives the run. */
export interface Result {
  readonly agent: string;
  readonly seed: number;
  /** What was trained and evaluated. */
  readonly of: { readonly settings: Training; readonly occasions: readonly Occasion[] };
  /** The one that finished it; absent in results of earlier versions. */
  readonly machine?: Machine;
  /** Seconds of a core that it took on all machines together, lost work included; absent where nobody counted them. */
  readonly coreSeconds?: number;
  /** Its `run` is the name of the run's folder. */
  readonly evaluation: Evaluation;
  readonly learning: readonly LearningPoint[];
}

const text = () => z.string().max(1000);
const whole = () => z.int().min(0);
const share = () => z.number().min(0).max(1);
const pair = () => z.tuple([z.number(), z.number()]);
const name = { symbol: text(), meaning: text() };

const error = z.object({
  episodes: whole(),
  mean: z.number(),
  early: share(),
  late: share(),
  least: z.number(),
  lowerQuartile: z.number(),
  median: z.number(),
  upperQuartile: z.number(),
  greatest: z.number(),
});

const row = z.object({
  number: z.number(),
  others: z.record(text(), z.union([z.number(), pair()])).exactOptional(),
  episodes: whole(),
  meanReward: z.number(),
  exact: share(),
  exactAtMost: share().exactOptional(),
  arrived: share(),
  meanArrival: z.number().nullable(),
  neverArrived: share(),
  error: error.nullable().exactOptional(),
  metrics: z.record(text(), z.number()).exactOptional(),
}) satisfies z.ZodType<Row>;

const evaluation = z.object({
  run: text(),
  label: text(),
  seed: z.int(),
  frames: whole(),
  number: z.object({ ...name, countsSteps: z.boolean() }),
  otherNumbers: z.array(z.object({ ...name, option: text() })).exactOptional(),
  maxReward: z.number(),
  trainingRange: pair(),
  policy: z.enum(['greedy', 'sample']),
  policies: z
    .object({ episodes: whole(), numbers: pair(), greedy: z.number(), sample: z.number() })
    .exactOptional(),
  rows: z.array(row).min(1),
}) satisfies z.ZodType<Evaluation>;

const point = z.object({
  frames: whole(),
  reward: z.number().nullable(),
  exact: share().nullable(),
  weights: z.record(text(), z.array(z.number())).exactOptional(),
}) satisfies z.ZodType<LearningPoint>;

/** A result as it may come from a file or another machine. What earlier versions did not write may be missing. */
export const resultSchema = z.object({
  agent: text(),
  seed: z.int(),
  of: z.strictObject({
    settings: z.record(z.string(), z.unknown()),
    occasions: z.array(z.strictObject({ numbers: z.array(z.int()), episodes: z.int() })),
  }),
  machine: z
    .object({ host: text(), cpu: text(), versions: z.record(text(), text()) })
    .exactOptional(),
  coreSeconds: z.number().min(0).exactOptional(),
  evaluation,
  learning: z.array(point).max(1000),
}) satisfies z.ZodType<Result>;
