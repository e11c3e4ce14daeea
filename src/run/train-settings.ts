import * as z from 'zod';
import { type AgentConfig, agentConfigSchema, BEFORE_THESE_KEYS } from '../../agent/config.ts';
import { ENGINES, type EngineName } from '../../agent/engines/engine.ts';
import { pluginSourceSchema } from '../plugins/plugin-source.ts';
import type { WorldChoice } from '../plugins/worlds.ts';

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

/** A saved configuration, with what its run was trained with where it is older than a key. */
export const asBefore = (config: unknown): unknown =>
  typeof config === 'object' && config !== null ? { ...BEFORE_THESE_KEYS, ...config } : config;

/** The pathway checks its own options. */
const config: z.ZodType<AgentConfig> = z.preprocess(
  asBefore,
  z.looseObject({ ...agentConfigSchema.shape, pathwaySource: pluginSourceSchema.optional() }),
) as never;

export const trainSettingsSchema = z
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
  }) satisfies z.ZodType<TrainSettings>;
