import type { Row } from '../evaluate/results.ts';

/** An episode to be played: its number decides where it starts, whatever the time and the agent. */
export interface Episode {
  readonly time: number;
  readonly number: number;
}

/** How an episode went. */
export interface Ending {
  /** Summed over the episode. */
  readonly reward: number;
  readonly steps: number;
  readonly arrived: boolean;
  /** Whether it arrived at exactly the time asked for. */
  readonly exact: boolean;
}

/** Training's seeds begin with `training:`, so that no evaluation starts where a training did. */
export const startSeed = (episode: number): string => `evaluation:${episode}`;
export const actionSeed = (episode: number): string => `evaluation:${episode}:actions`;

/** Every episode of an evaluation, longest first, so that the last to be begun are the first to end. */
export function listEpisodes(times: readonly number[], count: number): Episode[] {
  return [...times]
    .sort((a, b) => b - a)
    .flatMap((time) => Array.from({ length: count }, (_, number) => ({ time, number })));
}

const MOST_UNITS = 32;

/**
 * Deals episodes into units of work of about equal length, each played on its own from beginning to end. The division does
 * not depend on the number of threads: so neither do the results, down to the last bit.
 * @param slots episodes that are played at once, which a unit should be enough for
 */
export function deal(episodes: readonly Episode[], slots: number): Episode[][] {
  const count = Math.max(1, Math.min(MOST_UNITS, Math.ceil(episodes.length / slots)));
  return Array.from({ length: count }, (_, unit) =>
    episodes.filter((_, index) => index % count === unit),
  );
}

/** What the episodes come to: a row for each time, ascending. */
export function tally(episodes: readonly Episode[], endings: readonly Ending[]): Row[] {
  const byTime = new Map<number, Ending[]>();
  for (const [index, { time }] of episodes.entries()) {
    const group = byTime.get(time);
    if (group) group.push(endings[index]!);
    else byTime.set(time, [endings[index]!]);
  }
  return [...byTime].sort(([a], [b]) => a - b).map(([time, group]) => row(time, group));
}

function row(time: number, endings: readonly Ending[]): Row {
  const total = { reward: 0, exact: 0, arrived: 0, arrivalSteps: 0 };
  for (const { reward, steps, arrived, exact } of endings) {
    total.reward += reward;
    if (exact) total.exact += 1;
    if (!arrived) continue;
    total.arrived += 1;
    total.arrivalSteps += steps;
  }
  const episodes = endings.length;
  return {
    time,
    episodes,
    meanReward: total.reward / episodes,
    exact: total.exact / episodes,
    arrived: total.arrived / episodes,
    meanArrival: total.arrived > 0 ? total.arrivalSteps / total.arrived : null,
    neverArrived: (episodes - total.arrived) / episodes,
  };
}
