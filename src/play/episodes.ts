import type { Row } from '../evaluate/results.ts';

/** An episode to be played: its index decides where it starts, whatever the number and the agent. */
export interface EpisodeSpec {
  readonly number: number;
  readonly index: number;
}

/** How an episode went. */
export interface EpisodeResult {
  /** Summed over the episode. */
  readonly reward: number;
  readonly steps: number;
  readonly arrived: boolean;
  /** Whether it arrived at exactly the number asked for. */
  readonly exact: boolean;
}

/** Training's seeds begin with `training:`, so that no evaluation starts where a training did. */
export const startSeed = (episode: number): string => `evaluation:${episode}`;
export const actionSeed = (episode: number): string => `evaluation:${episode}:actions`;

/** Every episode of an evaluation, longest first, so that the last to be begun are the first to end. */
export function listEpisodes(numbers: readonly number[], count: number): EpisodeSpec[] {
  return [...numbers]
    .sort((a, b) => b - a)
    .flatMap((number) => Array.from({ length: count }, (_, index) => ({ number, index })));
}

const MOST_UNITS = 32;

/**
 * Deals episodes into units of work of about equal length, each played on its own from beginning to end. The division does
 * not depend on the number of threads: so neither do the results, down to the last bit.
 * @param slots episodes that are played at once, which a unit should be enough for
 */
export function deal(episodes: readonly EpisodeSpec[], slots: number): EpisodeSpec[][] {
  const count = Math.max(1, Math.min(MOST_UNITS, Math.ceil(episodes.length / slots)));
  return Array.from({ length: count }, (_, unit) =>
    episodes.filter((_, index) => index % count === unit),
  );
}

/** What the episodes come to: a row for each number, ascending. */
export function tally(episodes: readonly EpisodeSpec[], endings: readonly EpisodeResult[]): Row[] {
  const byNumber = new Map<number, EpisodeResult[]>();
  for (const [index, { number }] of episodes.entries()) {
    const group = byNumber.get(number);
    if (group) group.push(endings[index]!);
    else byNumber.set(number, [endings[index]!]);
  }
  return [...byNumber].sort(([a], [b]) => a - b).map(([number, group]) => row(number, group));
}

function row(number: number, endings: readonly EpisodeResult[]): Row {
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
    number,
    episodes,
    meanReward: total.reward / episodes,
    exact: total.exact / episodes,
    arrived: total.arrived / episodes,
    meanArrival: total.arrived > 0 ? total.arrivalSteps / total.arrived : null,
    neverArrived: (episodes - total.arrived) / episodes,
  };
}
