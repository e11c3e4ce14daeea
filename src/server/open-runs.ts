import '../../agent/engines/telemetry.ts';
import { WorkerClient } from '../common/worker-client.ts';
import { type LiveOptions, LiveSource } from '../watch/live-source.ts';
import type { AgentsHandlers } from './agents-worker.ts';
import { WatchedRuns, type WatchedRunsOptions } from './watched-runs.ts';

export interface OpenRunsOptions extends WatchedRunsOptions, Omit<LiveOptions, 'whileTraining'> {}

/**
 * Loads the agents of several runs, in a thread of their own; where runs may be waited for, as soon as one of them is there.
 * @param stop ends the waiting
 * @returns null where it was stopped before
 * @throws UsageError or Failure for a run that is missing, damaged, or of another world than the first
 */
export async function openRuns(
  paths: readonly string[],
  options: OpenRunsOptions,
  stop?: AbortSignal,
): Promise<LiveSource | null> {
  const file = new URL('./agents-worker.js', import.meta.url);
  const thread = new WorkerClient<AgentsHandlers>(file, { name: 'the world' });
  try {
    const runs = new WatchedRuns(paths, options, thread);
    await runs.open();
    for (;;) {
      if (runs.isThere)
        return new LiveSource(runs, thread, { ...options, whileTraining: options.wait });
      await new Promise((resolve) => setTimeout(resolve, options.lookEvery));
      if (stop?.aborted) break;
      await runs.open();
    }
    await thread.close();
    return null;
  } catch (error) {
    await thread.close();
    throw error;
  }
}
