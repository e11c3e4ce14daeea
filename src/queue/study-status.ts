import { formatDuration, formatPercent } from '../common/format.ts';
import type { PlannedRun } from '../study/planned-run.ts';
import type { QueuedState } from './store.ts';
import type { KnownWorker } from './worker-registry.ts';

/** How one run of a study stands. */
export interface RunStatus extends Pick<QueuedState, 'share' | 'speed' | 'spent' | 'refused'> {
  readonly run: PlannedRun;
  /** `collected`: its result is in the study's folder. */
  readonly is: QueuedState['is'] | 'collected';
  /** The machine that works on it; empty where none does. */
  readonly host: string;
  /** Why it has failed. */
  readonly failure?: string | undefined;
}

/** How a study stands. */
export interface StudyStatus {
  readonly runs: readonly RunStatus[];
  /** All workers of the queue, whichever study they work for. */
  readonly workers: readonly KnownWorker[];
}

/** The figures of a study. */
export interface StudyFigures {
  readonly finished: number;
  readonly failed: number;
  readonly atWork: number;
  readonly waiting: number;
  /** Of all training, 0 to 1. */
  readonly share: number;
  /** Until the last run is trained, with the workers that train now; null where none does. */
  readonly secondsLeft: number | null;
  readonly coreHours: number;
}

export function studyFigures({ runs }: StudyStatus): StudyFigures {
  const count = (...states: readonly RunStatus['is'][]): number =>
    runs.filter(({ is }) => states.includes(is)).length;
  let [total, left, speed, spent] = [0, 0, 0, 0];
  for (const { run, is, share, ...one } of runs) {
    const { totalFrames } = run.settings;
    total += totalFrames;
    spent += one.spent;
    if (is === 'at work') speed += one.speed;
    if (is === 'at work' || is === 'waiting' || is === 'missing') left += totalFrames * (1 - share);
  }
  return {
    ...{ finished: count('collected', 'done'), failed: count('failed') },
    ...{ atWork: count('at work'), waiting: count('waiting', 'missing') },
    share: total === 0 ? 1 : 1 - left / total,
    secondsLeft: left === 0 ? 0 : speed > 0 ? left / speed : null,
    coreHours: spent / 3600,
  };
}

/** The figures as a line has them, the most important first. */
export function figuresOf(status: StudyStatus): string[] {
  const { finished, failed, atWork, waiting, secondsLeft, coreHours } = studyFigures(status);
  const { runs, workers } = status;
  const hosts = new Set(workers.map(({ host }) => host)).size;
  return [
    `${finished} of ${runs.length} finished`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(atWork > 0 ? [`${atWork} at work`] : []),
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(secondsLeft === null || secondsLeft === 0
      ? []
      : [`about ${formatDuration(secondsLeft)} left`]),
    `${coreHours.toFixed(coreHours < 10 ? 2 : 0)} core-hours`,
    `${workers.length} ${workers.length === 1 ? 'worker' : 'workers'} on ${hosts} ${hosts === 1 ? 'machine' : 'machines'}`,
  ];
}

const WORDS: Readonly<Record<RunStatus['is'], string>> = {
  ...{ collected: 'finished', done: 'finished, to be collected', failed: 'failed' },
  ...{ 'at work': 'at work', waiting: 'waiting', missing: 'not in the queue' },
};

/** A line for each run, and one for them all. */
export const statusLines = (status: StudyStatus): string[] => [
  ...runLines(status.runs),
  '',
  summaryOf(status),
];

/** A line for them all. */
export const summaryOf = (status: StudyStatus): string => figuresOf(status).join(', ');

/** A line for each run. */
export function runLines(runs: StudyStatus['runs']): string[] {
  const width = Math.max(0, ...runs.map(({ run }) => run.label.length));
  return runs.map(({ run, is, share, host, speed, failure, refused }) => {
    const isStarted = is === 'at work' || (is === 'waiting' && share > 0);
    const parts = [
      WORDS[is],
      ...(isStarted ? [formatPercent(share)] : []),
      ...(is === 'at work' && host ? [`on ${host}`] : []),
      ...(is === 'at work' && speed > 0 ? [`${Math.round(speed)} frames/s`] : []),
    ];
    const why =
      is === 'failed' ? failure : is === 'waiting' && refused ? `refused by ${refused}` : '';
    return `${run.key.slice(0, 8)}  ${run.label.padEnd(width)}  ${parts.join(', ')}${why ? `: ${why}` : ''}`;
  });
}

/** The same for a program to read. */
export const statusJson = (status: StudyStatus) => ({
  ...studyFigures(status),
  runs: status.runs.map(({ run, is, share, host, speed, spent, failure, refused }) => ({
    ...{ key: run.key, agent: run.agent, seed: run.seed, state: is, share, host, speed },
    coreSeconds: spent,
    ...(failure === undefined ? {} : { failure }),
    ...(refused === '' ? {} : { refused }),
  })),
  workers: status.workers,
});
