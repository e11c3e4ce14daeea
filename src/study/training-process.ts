/** The process of one training of a study: the order is its first message; its progress and its end are messages back. */

import { type ErrorData, toErrorData } from '../common/thread-error.ts';
import { findInThread } from '../plugins/find.ts';
import { pathwaySourceOf, pathways } from '../plugins/pathways.ts';
import { requireWorld } from '../plugins/worlds.ts';
import { holdsRun } from '../run/folder.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import type { TrainProgress } from '../train/logbook.ts';
import type { TrainOptions } from '../train/options.ts';
import { train } from '../train/train.ts';

export interface TrainingOrder {
  readonly path: string;
  readonly settings: TrainSettings;
  /** The command line of the study, for the run's record. */
  readonly command: readonly string[];
  readonly envWorkers: number | undefined;
}

export type TrainingNews =
  | { readonly progress: TrainProgress }
  | { readonly note: string }
  /** The last message; `trained` is false where the training was stopped and saved. */
  | { readonly trained: boolean }
  | { readonly error: ErrorData };

const stop = new AbortController();
for (const event of ['SIGTERM', 'SIGHUP', 'disconnect']) process.on(event, () => stop.abort());

process.once('message', async ({ path, settings, command, envWorkers }: TrainingOrder) => {
  try {
    await requireWorld(settings.env);
    await findInThread(pathways, pathwaySourceOf(settings.config));
    const started = holdsRun(path) ? { resume: true } : { ...optionsOf(settings), command };
    const { finished } = await train(
      { ...started, run: path, envWorkers },
      {
        onProgress: (progress) => tell({ progress }),
        onNote: (note) => tell({ note }),
        signal: stop.signal,
      },
    );
    tell({ trained: finished });
  } catch (error) {
    tell({ error: toErrorData(error) });
  }
  if (process.connected) process.disconnect();
});

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

function tell(news: TrainingNews): void {
  // A study that was killed a moment ago takes nothing; without the callback that would end this process before it has saved.
  if (process.connected) process.send!(news, () => {});
}
