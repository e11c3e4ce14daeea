import fs from 'node:fs';
import { UsageError } from '../common/errors.ts';
import { onlyParameters } from '../run/agent-parameters.ts';
import type { CheckpointName } from '../run/checkpoint-names.ts';
import { descriptionOf } from '../run/description.ts';
import { openRun, readRunMetrics } from '../run/folder.ts';
import { loadCheckpoint } from '../run/load-checkpoint.ts';
import { createRun, saveCheckpoint } from '../run/training-run.ts';

const isSamePlace = (one: string, two: string): boolean =>
  fs.existsSync(two) && fs.realpathSync(one) === fs.realpathSync(two);

/** Records of the learning curve that are kept at most; of a longer one, every second, third, … */
const MOST_RECORDS = 200;

/**
 * Writes the agent of a run as a small run to share, without what only training needs: the optimiser's means, the worlds in
 * mid-episode, the other checkpoints, the log for TensorBoard, most records of a long learning curve. It is evaluated, watched,
 * explained and exported with the same bits as the whole run, but cannot be trained further.
 * @param into a folder that is missing or empty, or, with `overwrite`, that holds a run
 * @param options `onNote` is given a sentence about a damaged log
 * @throws UsageError for a run that is missing or a folder that is occupied, Failure for a damaged run or where the disk refuses
 */
export function exportAgent(
  path: string,
  which: CheckpointName,
  into: string,
  {
    overwrite = false,
    onNote,
  }: { overwrite?: boolean; onNote?: ((sentence: string) => void) | undefined } = {},
): { readonly frames: number } {
  const run = openRun(path, onNote);
  if (isSamePlace(path, into)) {
    throw new UsageError(
      `${into} is the run itself, which could then not be trained further: choose another folder`,
    );
  }
  const { frames, tensors } = loadCheckpoint(run, which);
  const metrics = readRunMetrics(run).filter((record) => (record.frames as number) <= frames);
  const stride = Math.ceil(metrics.length / MOST_RECORDS);
  const alone = createRun(into, descriptionOf(run), { overwrite });
  try {
    for (const [i, record] of metrics.entries()) {
      if (i % stride === stride - 1 || i === metrics.length - 1) alone.metrics.append(record);
    }
    saveCheckpoint(alone, { frames, tensors: onlyParameters(tensors), state: {}, isBest: true });
  } finally {
    alone.close();
  }
  return { frames };
}
