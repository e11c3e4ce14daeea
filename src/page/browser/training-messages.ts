/** What a page and its thread that trains say to each other. */

import type { ChangedFiles, CurvePoint, ForPlayer, HeldFiles, Place } from './posted.ts';

/** What is to be trained. */
export interface TrainingChoice {
  readonly agent: string;
  readonly env: string;
  readonly envOptions: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly frames: number;
}

/** What the page posts first to the thread that trains. */
export interface TrainingBeginning extends Place {
  readonly train: {
    /** What the run is called. */
    readonly name: string;
    readonly choice: TrainingChoice;
    /** The run's files, where it has been saved before. */
    readonly files?: HeldFiles;
    /** Whether to train on, rather than only to show it. */
    readonly goes: boolean;
    /** What the browser calls itself, for the run's record. */
    readonly browser: string;
  };
}

/** What the page may post later. */
export interface TrainingStop {
  readonly stop: true;
}

/** How a training goes. */
export interface TrainingProgress extends CurvePoint {
  readonly framesPerSecond: number;
}

/** What the thread that trains posts. */
export type TrainingPost =
  | {
      readonly ready: ForPlayer;
      readonly frames: number;
      readonly totalFrames: number;
      readonly maxReward: number | null;
    }
  | { readonly progress: TrainingProgress }
  | {
      readonly saved: {
        /** Paths are within the run's folder. */
        readonly changed: ChangedFiles;
        readonly checkpoint: string;
        readonly frames: number;
        readonly parameters: Float32Array;
      };
    }
  /** It is finished, or was stopped; everything is saved. */
  | { readonly ended: { readonly isFinished: boolean } }
  | { readonly broken: string };
