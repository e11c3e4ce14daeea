import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Failure, UsageError } from '../common/errors.ts';
import { holdsRun } from '../run/folder.ts';
import type { TrainProgress } from '../train/logbook.ts';

/** One training of a study. */
export interface StudyRun {
  readonly label: string;
  readonly path: string;
  readonly pathway: string;
  readonly seed: number;
  /** Further options of `timegrid train`. */
  readonly options: readonly string[];
  /** The folder from which they name files, where it is not the present one. */
  readonly from?: string;
}

export interface StudyHooks {
  onProgress(run: StudyRun, progress: TrainProgress): void;
  /** What a training has to say beside, in a sentence. */
  onNote(run: StudyRun, sentence: string): void;
  /** What else is to be done before the next training takes this one's place; not waited for once a stop is asked for. @param trainedNow false where it was finished already */
  onEnd(run: StudyRun, trainedNow: boolean): void | Promise<void>;
}

/** What the sentence begins with that a training ends on. */
const COMPLAINT = 'timegrid: ';

/** The trainings of every agent with every seed, an agent after the other within a seed. */
export function plan(
  folder: string,
  agents: readonly string[],
  seeds: readonly number[],
  options: readonly string[],
): StudyRun[] {
  return seeds.flatMap((seed) =>
    agents.map((pathway) => ({
      label: seeds.length > 1 ? `${pathway} ${seed}` : pathway,
      path: `${folder}/${pathway}-${seed}`,
      pathway,
      seed,
      options,
    })),
  );
}

/**
 * Trains every run that is not trained yet, `jobs` at a time, each in a process and on a core of its own. What was begun
 * before goes on from its checkpoint.
 * @returns whether all are trained; false where a stop was asked for
 * @throws Failure or UsageError with the sentence of the training that failed, once the others have been saved
 */
export async function trainAll(
  runs: readonly StudyRun[],
  jobs: number,
  hooks: StudyHooks,
  stop: AbortSignal,
): Promise<boolean> {
  const waiting = [...runs];
  const children = new Set<ChildProcess>();
  let failure: unknown;
  const saveAll = (): void => {
    for (const child of children) child.kill('SIGTERM');
  };
  stop.addEventListener('abort', saveAll);
  const work = async (): Promise<void> => {
    while (!stop.aborted && failure === undefined) {
      const run = waiting.shift();
      if (!run) return;
      try {
        await trainOne(run, hooks, children, stop);
      } catch (error) {
        failure ??= error;
        saveAll();
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  if (failure !== undefined) throw failure;
  return !stop.aborted;
}

async function trainOne(
  run: StudyRun,
  hooks: StudyHooks,
  children: Set<ChildProcess>,
  stop: AbortSignal,
): Promise<void> {
  const begun = holdsRun(run.path);
  const path = run.from === undefined ? run.path : resolve(run.path);
  const args = ['train', '--agent', run.pathway, '--seed', String(run.seed), '--run', path];
  args.push('--threads', '1', '--json', ...run.options, ...(begun ? ['--resume'] : []));
  const cli = fileURLToPath(new URL('../cli/timegrid.js', import.meta.url));
  // In a process group of its own, so that a Ctrl-C reaches it once: from here.
  const child = spawn(process.execPath, [cli, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    cwd: run.from,
  });
  children.add(child);
  let complaint = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith(COMPLAINT)) complaint = line.slice(COMPLAINT.length);
    else if (line !== '') hooks.onNote(run, line);
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  let trainedNow = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const progress = readProgress(line);
    if (!progress) continue;
    trainedNow = true;
    hooks.onProgress(run, progress);
  }
  const code = await exit;
  children.delete(child);
  if (code === 2 && complaint !== '') throw new UsageError(complaint);
  if (code === 1 && complaint !== '') throw new Failure(complaint);
  if (stop.aborted) return;
  if (code === 0) await orStopped(hooks.onEnd(run, trainedNow), stop);
  else {
    throw new Failure(
      `the training in ${run.path} ended with code ${code ?? child.signalCode}; the same command goes on with it`,
    );
  }
}

/** Waits for something, but no longer than until a stop is asked for. */
async function orStopped(what: void | Promise<void>, stop: AbortSignal): Promise<void> {
  const over = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true, signal: over.signal });
  });
  try {
    await Promise.race([what, stopped]);
  } finally {
    over.abort();
  }
}

/** What a line of a training's output says of its progress. A killed process may leave half a line. */
function readProgress(line: string): TrainProgress | undefined {
  try {
    const event = JSON.parse(line) as { event: string } & TrainProgress;
    // JSON has no NaN, which the mean of no episode is.
    return event.event === 'progress' ? { ...event, reward: event.reward ?? NaN } : undefined;
  } catch {
    return undefined;
  }
}
