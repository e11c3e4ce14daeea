import type { EventWriter } from './events.ts';
import type { MetricsRecord, MetricsWriter } from './metrics.ts';
import type { Tensors } from './safetensors.ts';

/** Which checkpoint: the newest, the one with the best score, or the one before the newest. */
export type CheckpointName = 'last' | 'best' | 'previous';

/** A run's folder, open for reading. Another process may be training it meanwhile. */
export interface Run {
  readonly path: string;
  /** What `createRun` was given: configuration, command, versions, time of creation. */
  readonly description: Record<string, unknown>;
}

/** A run's folder, locked for training by this process. */
export interface TrainingRun extends Run {
  readonly metrics: MetricsWriter;
  readonly events: EventWriter;
  /** Closes the logs and unlocks the folder. */
  close(): void;
}

export interface Checkpoint {
  /** Frames trained so far. */
  readonly frames: number;
  /** Parameters, optimiser, recurrent state…, by name. */
  readonly tensors: Tensors;
  /** All else that training needs to go on: generators, worlds, counters. Plain finite JSON. */
  readonly state: Record<string, unknown>;
}

/** Makes a new run in a missing or empty folder, and locks it. */
export declare function createRun(
  path: string,
  description: object,
  options?: { overwrite?: boolean },
): TrainingRun;

/** Locks an existing run and takes its logs back to the checkpoint; `undefined` if none was saved yet. */
export declare function resumeRun(
  path: string,
  which?: CheckpointName,
): { run: TrainingRun; checkpoint: Checkpoint | undefined };

/** Opens a run for reading. */
export declare function openRun(path: string): Run;

/** Whether `path` is a folder that holds a run. */
export declare function holdsRun(path: string): boolean;

/** Saves a checkpoint as a whole or not at all, then drops those no longer named. */
export declare function saveCheckpoint(
  run: TrainingRun,
  checkpoint: { frames: number; tensors: Tensors; state: object; isBest: boolean },
): void;

/** Reads and verifies a checkpoint. */
export declare function loadCheckpoint(run: Run, which: CheckpointName): Checkpoint;

/** All records of the run's `metrics.jsonl`. */
export declare function readRunMetrics(run: Run): MetricsRecord[];
