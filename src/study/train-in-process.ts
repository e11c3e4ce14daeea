import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Failure } from '../common/errors.ts';
import { fromErrorData } from '../common/thread-error.ts';
import type { TrainingCalls, TrainingNews } from './serve-training.ts';

/**
 * Trains a run in a process of its own, which calls `serveTraining`. A run that was begun before is resumed.
 * @param path the run's folder, for the error
 * @param program the module of that process
 * @param order what it is told first
 * @returns whether the run is trained to its end; false where the signal aborted and it was saved
 * @throws the error of the training; Failure where its process ended without a word
 */
export async function trainInProcess<Progress>(
  path: string,
  program: URL,
  order: object,
  { onProgress, onNote, signal: stop }: TrainingCalls<Progress>,
): Promise<boolean> {
  // In its own process group, so that a Ctrl-C reaches it once: from here.
  const child = fork(fileURLToPath(program), {
    ...{ detached: true, serialization: 'advanced' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let end: boolean | Error | undefined;
  child.on('message', (news: TrainingNews<Progress>) => {
    if ('progress' in news) onProgress(news.progress);
    else if ('note' in news) onNote(news.note);
    else end = 'error' in news ? fromErrorData(news.error) : news.trained;
  });
  createInterface({ input: child.stderr! }).on('line', (line) => {
    if (line !== '') onNote(line);
  });
  const save = (): void => void child.kill('SIGTERM');
  stop.addEventListener('abort', save);
  child.send(order);
  const code = await exitOf(child);
  stop.removeEventListener('abort', save);
  if (end instanceof Error) throw end;
  if (end !== undefined) return end;
  if (stop.aborted) return false;
  throw new Failure(
    `the training in ${path} ended with code ${code ?? child.signalCode}; run the same command again to resume it`,
  );
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
}
