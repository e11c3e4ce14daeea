import type { NumberName } from '../../env/index.ts';
import type { Policy } from '../play/episodes.ts';

/** One run evaluated at one value of the world's number; in the timed grid, at one time. */
export interface Row {
  /** The number asked for; in the timed grid, the time in steps. */
  readonly number: number;
  /** Episodes played at this number. */
  readonly episodes: number;
  /** Mean reward of an episode. */
  readonly meanReward: number;
  /** Share of the episodes that did exactly what this number says, 0 to 1. */
  readonly exact: number;
  /** Share of the episodes that arrived at all, 0 to 1. */
  readonly arrived: number;
  /** Mean step of arrival over the episodes that arrived; null where none did. */
  readonly meanArrival: number | null;
  /** Share of the episodes that never arrived, 0 to 1. */
  readonly neverArrived: number;
}

/** One run evaluated at a range of numbers. */
export interface Evaluation {
  /** What names the run to a person, its folder for instance. */
  readonly run: string;
  /** The agent's name; evaluations of one label are seeds of one agent. */
  readonly label: string;
  readonly seed: number;
  /** Frames the run was trained for. */
  readonly frames: number;
  /** What the world's number is called and says. */
  readonly number: NumberName;
  /** Highest reward an episode can earn. */
  readonly maxReward: number;
  /** Least and greatest number met in training, both included. */
  readonly trainingRange: readonly [number, number];
  readonly policy: Policy;
  readonly rows: readonly Row[];
}
