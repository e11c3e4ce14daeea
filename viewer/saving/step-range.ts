import { LAST_STEPS } from '../destination.ts';

/** Moments of an episode, both included. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** Steps of the longest animation: a minute for a GIF, which is held in memory, and five for a video, which is recorded as it plays. */
export const MOST_STEPS_OF = { gif: 300, video: 1_500 } as const;
export type Animation = keyof typeof MOST_STEPS_OF;

/** What is saved unless somebody says otherwise: the whole episode, or its last steps where that is too long. */
export const usualRange = (length: number): StepRange =>
  length <= MOST_STEPS_OF.gif ? { from: 0, to: length } : lastSteps(length);

export const lastSteps = (length: number): StepRange => ({
  from: Math.max(0, length - LAST_STEPS),
  to: length,
});

/** @returns what keeps a range from being saved, as a sentence; empty: nothing */
export function findProblem({ from, to }: StepRange, length: number, kind: Animation): string {
  const most = MOST_STEPS_OF[kind];
  const name = kind === 'gif' ? 'GIF' : 'video';
  if (from > to)
    return `Step ${from} is not before step ${to}. Choose the steps to save under Save.`;
  if (to > length) return `The episode has ${length} steps. Choose the steps to save under Save.`;
  if (to - from <= most) return '';
  return `A ${name} has at most ${most.toLocaleString('en')} steps. Choose fewer under Save, or save a replay file.`;
}

/** How a range is named in a file's name; empty for a whole episode. */
export const rangeName = ({ from, to }: StepRange, length: number): string =>
  from === 0 && to === length ? '' : `steps${from}-${to}`;
