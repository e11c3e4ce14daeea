import * as z from 'zod';
import type { WorldShape } from '../../agent/config.ts';
import { Failure } from '../common/errors.ts';
import type { Run } from './folder.ts';
import { LEAST_KEPT, MOST_KEPT } from './kept-points.ts';
import { descriptionFile } from './layout.ts';
import { type TrainSettings, trainSettingsSchema } from './train-settings.ts';

const count = () => z.int().positive();

/** What `run.json` says of a training: enough to repeat it. */
const descriptionSchema = z.object({
  /** Identifies the run wherever its folder is; the record of the code that this user trusts refers to it. */
  id: z.string().max(100).optional(),
  command: z.array(z.string()),
  created: z.string(),
  versions: z.record(z.string(), z.string()),
  settings: trainSettingsSchema,
  /** Frames between two checkpoints. */
  checkpointFrames: count(),
  /** Checkpoints of parameters alone that are kept, spread over the training; absent: none. */
  keep: z.int().min(LEAST_KEPT).max(MOST_KEPT).optional(),
  /** Earlier versions of a world that has changed, each with the frames until which the agent was trained in it. */
  formerWorlds: z.array(z.strictObject({ version: z.string(), frames: z.int().min(0) })).optional(),
  /** What it was started or extended with before, each with the frames that it had been trained on when it was extended. */
  formerTotals: z
    .array(z.strictObject({ totalFrames: count(), frames: z.int().min(0) }))
    .optional(),
  /** What the world showed when the run was made. */
  world: z.strictObject({
    height: count(),
    width: count(),
    channels: count(),
    instruction: z.int().min(0),
    actions: count(),
  }) satisfies z.ZodType<WorldShape>,
});

export interface RunDescription extends Omit<z.infer<typeof descriptionSchema>, 'settings'> {
  readonly settings: TrainSettings;
}

/** @throws Failure if `run.json` holds something else */
export const descriptionOf = (run: Pick<Run, 'path' | 'description'>): RunDescription =>
  readDescription(run.description, run.path);

/** @param path of the run @throws Failure if its `run.json` holds something else */
export function readDescription(content: unknown, path: string): RunDescription {
  const parsed = descriptionSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const { path: key, message } = parsed.error.issues[0]!;
  throw new Failure(
    `${path}/${descriptionFile} does not describe a training that this version of timegrid can read: ${key.join('.') || 'it'}: ${message}`,
  );
}
