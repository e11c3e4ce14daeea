import { findInThread } from '../plugins/find.ts';
import { pathwaySourceOf } from '../plugins/known-pathway.ts';
import { pathways } from '../plugins/pathways.ts';
import { requireWorld } from '../plugins/worlds.ts';
import { holdsRun } from '../run/folder.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import type { TrainProgress } from '../train/logbook.ts';
import type { TrainOptions } from '../train/options.ts';
import { train } from '../train/train.ts';
import type { TrainingCalls } from './serve-training.ts';

/** What the process of one training is told. */
export interface TrainingOrder {
  readonly path: string;
  readonly settings: TrainSettings;
  /** The command line of the study, for the run's record. */
  readonly command: readonly string[];
  readonly envWorkers: number | undefined;
  /** Checkpoints to keep of the whole training; as many as it kept before, or none, by default. */
  readonly keep?: number | undefined;
}

/** Makes the world and the pathway of a training known to this process. @throws as `findInThread` does */
export async function findOrdered({ settings }: Pick<TrainingOrder, 'settings'>): Promise<void> {
  await requireWorld(settings.env);
  await findInThread(pathways, pathwaySourceOf(settings.config));
}

/** Trains a run, from its last checkpoint where it has one. @returns whether it is trained to its end @throws as `train` does */
export async function trainAsOrdered(
  { path, settings, command, envWorkers, keep }: TrainingOrder,
  calls: TrainingCalls<TrainProgress>,
): Promise<boolean> {
  const started = holdsRun(path) ? { resume: true } : { ...optionsOf(settings), command };
  const { finished } = await train({ ...started, run: path, envWorkers, keep }, calls);
  return finished;
}

/** The options that give these settings. */
function optionsOf({
  config,
  env,
  seed,
  totalFrames,
  shards,
  engine,
}: TrainSettings): TrainOptions {
  const { pathway: agent, pathwaySource: _, ...set } = config;
  const world = { env: env.id, envOptions: env.options };
  return { agent, set, ...world, seed, frames: totalFrames, threads: shards, engine };
}
