import type { TrainSettings } from '../run/train-settings.ts';

/** Numbers at which a run is evaluated, with so many episodes each. */
export interface Occasion {
  readonly numbers: readonly number[];
  readonly episodes: number;
}

/** One training of a study, and its evaluations. */
export interface PlannedRun {
  /** The agent's name in the study. */
  readonly agent: string;
  readonly seed: number;
  /** Names the run in progress and errors. */
  readonly label: string;
  readonly settings: TrainSettings;
  readonly occasions: readonly Occasion[];
  /** The run's folder. */
  readonly path: string;
  /** The file that keeps its result. */
  readonly result: string;
}

/** A study: everything that is run is decided before anything is. */
export interface StudyPlan {
  /** Its file, absolute and without symbolic links; absent where it was declared otherwise. */
  readonly file?: string | undefined;
  readonly title: string;
  readonly frames: number;
  /** Where runs, results and report go. */
  readonly folder: string;
  /** In the order of the plan. */
  readonly agents: readonly { readonly name: string; readonly about: string }[];
  /** Every agent with every seed; all agents of one seed come before the next seed. */
  readonly runs: readonly PlannedRun[];
}
