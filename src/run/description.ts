import * as z from 'zod';
import { agentConfigSchema, type WorldShape } from '../../agent/config.ts';
import { ENGINES } from '../../agent/engines/engine.ts';
import { Failure } from '../common/errors.ts';
import { worldSourceSchema } from '../plugins/source.ts';
import type { Run } from './folder.ts';

const count = () => z.int().positive();

/** What `run.json` says of a training: enough to repeat it. */
export const runDescriptionSchema = z.object({
  command: z.array(z.string()),
  created: z.string(),
  versions: z.record(z.string(), z.string()),
  settings: z.strictObject({
    config: agentConfigSchema,
    env: z.strictObject({
      id: z.string(),
      options: z.record(z.string(), z.json()),
      source: worldSourceSchema.optional(),
    }),
    seed: z.int(),
    totalFrames: count(),
    shards: count(),
    engine: z.enum(ENGINES),
  }),
  /** Frames between two checkpoints. */
  checkpointFrames: count(),
  /** Where its world has changed on the way: the versions before, each with the frames until when it was trained in it. */
  formerWorlds: z.array(z.strictObject({ version: z.string(), frames: z.int().min(0) })).optional(),
  /** What the world showed when the run was made. */
  world: z.strictObject({
    height: count(),
    width: count(),
    channels: count(),
    instruction: z.int().min(0),
    actions: count(),
  }) satisfies z.ZodType<WorldShape>,
});

export type RunDescription = z.infer<typeof runDescriptionSchema>;

/** @throws Failure if `run.json` holds something else */
export function descriptionOf(run: Run): RunDescription {
  const parsed = runDescriptionSchema.safeParse(run.description);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Failure(
    `${run.path}/run.json does not describe a training that this version of timegrid can read: ${path.join('.') || 'it'}: ${message}`,
  );
}
