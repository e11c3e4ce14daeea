import * as z from 'zod';
import { type AgentConfig, agentConfigSchema, type WorldShape } from '../../agent/config.ts';
import { ENGINES, type EngineName } from '../../agent/engines/engine.ts';
import { Failure } from '../common/errors.ts';
import { pluginSourceSchema } from '../plugins/reference.ts';
import type { WorldChoice } from '../plugins/worlds.ts';
import type { Run } from './folder.ts';

/** Everything that decides a training's result, bit for bit. */
export interface TrainSettings {
  readonly config: AgentConfig;
  readonly env: WorldChoice;
  readonly seed: number;
  /** Frames after which the learning rate has fallen to zero and the training ends. */
  readonly totalFrames: number;
  /** Threads that share the worlds. */
  readonly shards: number;
  readonly engine: EngineName;
  /** The run whose last checkpoint gave the first parameters; drawn from the seed where there is none. */
  readonly initFrom?:
    | {
        readonly run: string;
        /** Frames that it had been trained on. */
        readonly frames: number;
        /** Of the checkpoint's `tensors.safetensors`. */
        readonly sha256: string;
      }
    | undefined;
}

/** Threads of a training. */
export const MOST_THREADS = 256;

const count = () => z.int().positive();

/** The options of its own that an agent's pathway takes are for the pathway to check. */
const config: z.ZodType<AgentConfig> = z.looseObject({
  ...agentConfigSchema.shape,
  pathwaySource: pluginSourceSchema.optional(),
}) as never;

/** What `run.json` says of a training: enough to repeat it. */
const descriptionSchema = z.object({
  /** Names the run, wherever its folder is: this user's records of trusted code do. */
  id: z.string().max(100).optional(),
  command: z.array(z.string()),
  created: z.string(),
  versions: z.record(z.string(), z.string()),
  settings: z
    .strictObject({
      config,
      env: z.strictObject({
        id: z.string(),
        options: z.record(z.string(), z.json()),
        source: pluginSourceSchema.optional(),
      }),
      seed: z.int(),
      totalFrames: count(),
      shards: count().max(MOST_THREADS),
      engine: z.enum(ENGINES),
      initFrom: z
        .strictObject({
          run: z.string(),
          frames: z.int().min(0),
          sha256: z.string().regex(/^[0-9a-f]{64}$/),
        })
        .optional(),
    })
    .refine(({ shards, config }) => shards <= config.worlds, {
      path: ['shards'],
      message: 'more threads than worlds to share',
    }) satisfies z.ZodType<TrainSettings>,
  /** Frames between two checkpoints. */
  checkpointFrames: count(),
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
export function descriptionOf(run: Run): RunDescription {
  const parsed = descriptionSchema.safeParse(run.description);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Failure(
    `${run.path}/run.json does not describe a training that this version of timegrid can read: ${path.join('.') || 'it'}: ${message}`,
  );
}
