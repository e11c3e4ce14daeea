import type { StudyReport } from '../evaluate/report-lines.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import type { Plan, StudyRun } from './kind.ts';

/** Numbers at which a run is evaluated, with so many episodes each. */
export interface Occasion {
  readonly numbers: readonly number[];
  readonly episodes: number;
}

/** One training of an agent, and its evaluations. */
export interface PlannedRun extends StudyRun {
  /** The agent's name in the study. */
  readonly agent: string;
  readonly seed: number;
  /** See `runKey`. */
  readonly key: string;
  readonly settings: TrainSettings;
  readonly occasions: readonly Occasion[];
  /** Checkpoints to keep of its training, which change nothing else; none by default. */
  readonly keep?: number | undefined;
}

/** A study of agents. */
export interface StudyPlan extends Plan<PlannedRun> {
  /** Its file, absolute and without symbolic links; absent where it was declared otherwise. */
  readonly file?: string | undefined;
  readonly title: string;
  readonly frames: number;
  /** In the order of the plan. */
  readonly agents: readonly { readonly name: string; readonly about: string }[];
  /** Runs that have no result, and why; none by default. */
  readonly failed?: StudyReport['failed'];
}
