import { join } from 'node:path';
import { Failure, UsageError } from '../common/errors.ts';
import { type Checkpoint, readCheckpoint, type VerifiedCheckpoint } from './checkpoint.ts';
import type { Run } from './folder.ts';
import {
  type CheckpointName,
  checkpointNames,
  checkpointsFolder,
  readPointers,
} from './pointers.ts';

/** Whether a run has a checkpoint to resume from. @throws Failure if it is damaged */
export const hasCheckpoint = (path: string): boolean => readPointers(path).last !== null;

/**
 * Reads a checkpoint and verifies every byte of it. The run may be in training at the same time.
 * @throws UsageError if the run has no checkpoint of that name
 * @throws Failure naming the damaged file, what is wrong with it, and the checkpoints that are whole
 */
export function loadCheckpoint(run: Run, which: CheckpointName): Checkpoint {
  const { frames, tensors, state } = loadWithLogs(run, which);
  return { frames, tensors, state };
}

/** The same, with the lengths that the run's logs had and the hash of its tensors. */
export function loadWithLogs(run: Run, which: CheckpointName): VerifiedCheckpoint {
  for (;;) {
    const pointers = readPointers(run.path);
    const name = pointers[which];
    if (name === null) {
      const others = checkpointNames.filter((other) => pointers[other] !== null);
      throw new UsageError(
        others.length === 0
          ? `${run.path} has no checkpoint yet; train it first (timegrid train --run ${run.path} --resume)`
          : `${run.path} has no ${which} checkpoint; choose --checkpoint ${others.join(' or ')}`,
      );
    }
    try {
      return readCheckpoint(join(run.path, checkpointsFolder, name));
    } catch (error) {
      // The process that trains the run may have saved another one and removed this one.
      if (readPointers(run.path)[which] !== name) continue;
      if (!(error instanceof Failure)) throw error;
      throw new Failure(error.message + wholeOnes(run, name), { cause: error });
    }
  }
}

/** The end of the sentence about a damaged checkpoint: which ones can be used instead. */
function wholeOnes(run: Run, damaged: string): string {
  const pointers = readPointers(run.path);
  const whole = checkpointNames.filter((name) => {
    const folder = pointers[name];
    if (folder === null || folder === damaged) return false;
    try {
      readCheckpoint(join(run.path, checkpointsFolder, folder));
      return true;
    } catch {
      return false;
    }
  });
  const options = whole.map((name) => `--checkpoint ${name}`).join(' or ');
  return options && `; ${options} would load`;
}
