import type { NumberValues } from '../../env/number.ts';

/** How actions are chosen: the likeliest one, or one drawn from the agent's probabilities. */
export type Policy = 'greedy' | 'sample';

/** What an episode is told; what is left out, the world draws. */
export interface GivenNumbers {
  /** The main number; null: the world draws it. */
  readonly number: number | null;
  /** Values of other numbers, by the names of their options. */
  readonly others?: NumberValues | undefined;
}

/** An episode of an evaluation: its index decides where it starts, whatever the numbers and the agent. */
export interface EpisodeSpec extends GivenNumbers {
  readonly index: number;
}

/** What decides an agent's episode, down to its last step. */
export interface EpisodePlan extends GivenNumbers {
  /** The episode's index, as of `timegrid evaluate`. */
  readonly seed: number;
  readonly policy: Policy;
  /** From moment `at` on, the world tells another main number. */
  readonly branch?: { readonly at: number; readonly number: number } | undefined;
}

/** How an episode went. */
export interface EpisodeEnd {
  readonly steps: number;
  /** Whether the world ended it, the world cut it off, or the player's limit of steps did. */
  readonly how: 'terminated' | 'truncated' | 'cut';
  /** Summed reward. */
  readonly return: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Where the world gives no such metric: whether the world ended it. */
  readonly arrived: boolean;
  /** Whether it did exactly what the number says; where the world gives no such metric, whether it arrived at that step. */
  readonly exact: boolean;
  /** Whether it could have been, as the world said at its start; absent where it did not say. */
  readonly canBeExact?: boolean;
  /** Every number that was told, by the name of its option. */
  readonly numbers?: NumberValues;
}

/** Training's seeds begin with `training:`, so that no evaluation starts where a training did. */
export const startSeed = (episode: number): string => `evaluation:${episode}`;
export const actionSeed = (episode: number): string => `evaluation:${episode}:actions`;

/** Every episode of an evaluation, the greatest numbers first: the longest, so that the last to begin are the first to end. */
export function listEpisodes(asked: readonly GivenNumbers[], count: number): EpisodeSpec[] {
  return [...asked]
    .sort((a, b) => (b.number ?? 0) - (a.number ?? 0))
    .flatMap(({ number, others }) =>
      Array.from({ length: count }, (_, index) => ({ number, others, index })),
    );
}

const MOST_UNITS = 32;

/**
 * Deals episodes into units of work of about equal length, each played on its own from beginning to end. The division does
 * not depend on the number of threads, so neither do the results, down to the last bit.
 * @param worlds episodes that are played at once, which a unit should be enough for
 * @param least units that are wanted even so, where there are as many episodes
 */
export function deal(episodes: readonly EpisodeSpec[], worlds: number, least = 1): EpisodeSpec[][] {
  const enough = Math.min(MOST_UNITS, Math.ceil(episodes.length / worlds));
  const count = Math.max(enough, Math.min(least, episodes.length));
  return Array.from({ length: count }, (_, unit) =>
    episodes.filter((_, index) => index % count === unit),
  );
}
