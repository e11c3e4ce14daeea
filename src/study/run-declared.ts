import fs from 'node:fs';
import { dirname } from 'node:path';
import type { StudyProgress } from '../cli/study-progress.ts';
import { UsageError } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import type { Declaration, DeclaredRun } from './declaration.ts';
import { makeResult, type Result, savedResult } from './result.ts';
import { requireRunAsDeclared, trainingOf } from './same-training.ts';
import { trainAll } from './study.ts';

/** @throws UsageError for the first that is refused, saying how many more are */
function judgingAll(runs: readonly DeclaredRun[], judge: (run: DeclaredRun) => void): void {
  const refusals: UsageError[] = [];
  for (const run of runs) {
    try {
      judge(run);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refusals.push(error);
    }
  }
  const [first, ...more] = refusals;
  if (first === undefined) return;
  throw new UsageError(`${first.message}${more.length > 0 ? ` (and ${more.length} more)` : ''}`);
}

/**
 * Trains and evaluates every run of a study that has no result yet, `jobs` at a time. What is there already, of this training, is
 * taken as it is.
 * @returns all results, in the order of the declaration; undefined where a stop was asked for
 * @throws Failure or UsageError in one sentence; what was finished before is kept
 */
export async function runDeclared(
  { runs }: Declaration,
  jobs: number,
  progress: StudyProgress,
  stop: AbortSignal,
): Promise<Result[] | undefined> {
  const results = new Map<DeclaredRun, Result>();
  judgingAll(runs, (run) => {
    const saved = savedResult(run);
    if (saved) results.set(run, saved);
    else requireRunAsDeclared(run.path, trainingOf(run.settings));
  });
  const missing = runs.filter((run) => !results.has(run));
  for (const { path, result } of missing) {
    for (const file of [path, result]) makeFolder(dirname(file));
  }
  progress.begin(results.size);
  for (const { label, result } of missing) {
    if (fs.existsSync(result)) progress.note(`${label}: asked something else than before`);
  }
  const byPath = new Map(missing.map((run) => [run.path, run]));
  const trained = await trainAll(
    missing,
    Math.min(jobs, missing.length),
    {
      onProgress: ({ label }, state) => progress.trained(label, state),
      onNote: ({ label }, sentence) => progress.note(`${label}: ${sentence}`),
      async onEnd({ path, label }) {
        const run = byPath.get(path)!;
        progress.evaluating(label);
        results.set(run, await makeResult(run));
        // Kept all the same, but what the study had to say is said.
        if (!stop.aborted) progress.finished(label);
      },
    },
    stop,
  );
  return trained ? runs.map((run) => results.get(run)!) : undefined;
}
