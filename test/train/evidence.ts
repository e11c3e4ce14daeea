import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import type { CheckpointName } from '../../src/run/checkpoint-names.ts';
import { holdsRun, openRun, readRunMetrics } from '../../src/run/folder.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { readNames } from '../../src/run/named-checkpoints.ts';
import { readEvents } from '../run/read-events.ts';

/** Everything that a run has come to, without the figures that a clock gave: equal for trainings that are the same. */
export function evidence(path: string) {
  const run = openRun(path);
  const metrics = readRunMetrics(run).map(({ seconds: _, framesPerSecond: __, ...rest }) => rest);
  return {
    last: checkpoint(path, 'last'),
    best: checkpoint(path, 'best'),
    metrics,
    scalars: scalars(join(path, 'events.out.tfevents.timegrid')),
  };
}

function checkpoint(path: string, which: CheckpointName) {
  const { frames, tensors, state } = loadCheckpoint(openRun(path), which);
  const { seconds: _, ...log } = state.log as Record<string, unknown>;
  const bits = Object.entries(tensors).map(([name, { shape, data }]) => [
    name,
    { shape, sha256: createHash('sha256').update(data).digest('hex') },
  ]);
  return { frames, tensors: Object.fromEntries(bits), state: { ...state, log } };
}

/** Names of the tensors of a checkpoint that hold something that is no finite number. */
export function brokenTensors(path: string, which: CheckpointName = 'last'): string[] {
  const { tensors } = loadCheckpoint(openRun(path), which);
  return Object.keys(tensors).filter((name) => !tensors[name]!.data.every(Number.isFinite));
}

/** Frames of the last checkpoint in a run that is being trained; −1 before there is a run, 0 before there is a checkpoint. */
export function savedFrames(path: string): number {
  if (!holdsRun(path)) return -1;
  const { last } = readNames(path, () => {});
  return last === null ? 0 : Number.parseInt(last.folder, 10);
}

/** What TensorBoard reads in an event file, but for the figures of a clock. */
function scalars(path: string): object[] {
  return readEvents(fs.readFileSync(path)).map(({ step, scalars }) => ({
    step,
    scalars: scalars.filter(([tag]) => !/seconds|framesPerSecond/.test(tag)),
  }));
}
