import fs from 'node:fs';
import { basename, dirname } from 'node:path';
import { makeFolder } from '../common/make-folder.ts';
import { type Lock, lockFolder, settleLock } from '../run/lock.ts';
import type { StudyRun } from './kind.ts';

/**
 * Claims a run for this process, from its training to its result: of all processes and machines that share the study's folder,
 * one is at work on it. Makes the folders that its paths lie in.
 * @param onNote called with a sentence before a wait
 * @throws HeldElsewhere if another process is at work on the run; Failure if the folder cannot be written
 */
export async function claimRun(
  { path, result }: StudyRun,
  onNote?: (sentence: string) => void,
): Promise<Lock> {
  const folder = dirname(result);
  for (const each of [dirname(path), folder]) if (!fs.existsSync(each)) makeFolder(each);
  const claim = { name: `${basename(result, '.json')}.lock`, path };
  await settleLock(folder, onNote, claim);
  return lockFolder(folder, claim);
}
