import { join } from 'node:path';
import { Failure, UsageError } from '../common/errors.ts';
import type { Checkpoint, CheckpointRecord } from './checkpoint.ts';
import { readCheckpoint } from './checkpoint-folder.ts';
import {
  type CheckpointName,
  checkpointNames,
  checkpointsFolder,
  type NamedCheckpoint,
  namesFile,
} from './checkpoint-names.ts';
import type { Run } from './folder.ts';
import { readNames } from './named-checkpoints.ts';
import { requireTrainedAsDescribed } from './same-description.ts';

/** Whether a run has a checkpoint to resume from. @throws Failure if it is damaged */
export const hasCheckpoint = (path: string): boolean => readNames(path, () => {}).last !== null;

/**
 * Reads a checkpoint and verifies every byte of it, and that it belongs to the run's settings. The run may be in training at
 * the same time.
 * @throws UsageError if the run has no checkpoint of that name
 * @throws Failure naming the damaged file, what is wrong with it, and the checkpoints that are whole
 */
export function loadCheckpoint(run: Run, which: CheckpointName): Checkpoint {
  const { frames, tensors, state } = loadRecord(run, which);
  return { frames, tensors, state };
}

/** The same, with all that is known of it. */
export function loadRecord(run: Run, which: CheckpointName): CheckpointRecord {
  for (;;) {
    const names = readNames(run.path, run.note);
    const named = names[which];
    if (named === null) {
      const others = checkpointNames.filter((other) => names[other] !== null);
      throw new UsageError(
        others.length === 0
          ? `${run.path} has no checkpoint yet; train it first (timegrid train --run ${run.path} --resume)`
          : `${run.path} has no ${which} checkpoint; choose --checkpoint ${others.join(' or ')}`,
      );
    }
    let record: CheckpointRecord;
    try {
      record = readNamed(run, named);
    } catch (error) {
      // The process that trains the run may have saved another one and removed this one.
      const now = readNames(run.path, run.note);
      if (now[which]?.sha256 !== named.sha256) continue;
      if (!(error instanceof Failure)) throw error;
      const whole = checkpointNames.filter((name) => isWhole(run, now[name], named));
      const options = whole.map((name) => `--checkpoint ${name}`).join(' or ');
      const hint = options && `; ${options} would load`;
      throw new Failure(error.message + hint, { cause: error });
    }
    requireTrainedAsDescribed(run, record, named.folder);
    return record;
  }
}

function readNamed(run: Run, { folder, sha256 }: NamedCheckpoint): CheckpointRecord {
  const path = join(run.path, checkpointsFolder, folder);
  const record = readCheckpoint(path);
  if (record.sha256 === sha256) return record;
  throw new Failure(`${path} is not the checkpoint that ${namesFile} names: its SHA-256 differs`);
}

/** Whether a checkpoint could be used instead of a damaged one. */
function isWhole(run: Run, named: NamedCheckpoint | null, damaged: NamedCheckpoint): boolean {
  if (named === null || named.folder === damaged.folder) return false;
  try {
    readNamed(run, named);
    return true;
  } catch {
    return false;
  }
}
