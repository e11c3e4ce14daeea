import type { NumberInfo, PaneId, Policy, Step } from '../src/watch/protocol.ts';
import { formatNumber } from './format-number.ts';

/** Which episode: all that decides how it goes, apart from who plays it. */
export interface EpisodeKey {
  /** The number told, in most worlds a time; null: the world draws it. */
  readonly number: number | null;
  readonly seed: number;
  readonly policy: Policy;
  /** At moment `at` another one is told. */
  readonly branch?: { readonly at: number; readonly number: number } | undefined;
}

/** How an episode came to its end. */
export interface TrackEnding {
  readonly steps: number;
  readonly how: 'terminated' | 'truncated' | 'cut';
  readonly return: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** The first step where a replay differs from the world. */
  readonly differsAt: number | null;
}

type Position = Step['position'];

/** One player's part in an episode, as far as it has come in. Moment `k` is what is on screen after `k` steps. */
export interface Track {
  readonly pane: PaneId;
  /** People are not compared with agents, nor tallied. */
  readonly isPerson: boolean;
  readonly checkpoint: string | null;
  /** The number told at the start. */
  readonly number: number | null;
  readonly picture: number;
  readonly position: Position;
  readonly steps: Step[];
  ending: TrackEnding | null;
}

/** An episode, played by several at once. Tracks grow as steps come in. */
export class Episode {
  readonly key: EpisodeKey;
  /** What the number told means; null where the world tells none. */
  readonly number: NumberInfo | null;
  readonly tracks = new Map<PaneId, Track>();

  constructor(key: EpisodeKey, number: NumberInfo | null) {
    this.key = key;
    this.number = number;
  }

  /** Steps of the longest track so far. */
  get length(): number {
    return Math.max(0, ...this.#all((track) => track.steps.length));
  }

  /** Whether every track has come to its end. */
  get whole(): boolean {
    return this.tracks.size > 0 && this.#all((track) => track.ending !== null).every(Boolean);
  }

  /** The last moment that every player who has one can show. */
  get reach(): number {
    const going = [...this.tracks.values()].filter(({ ending }) => ending === null);
    return going.length === 0 ? this.length : Math.min(...going.map(({ steps }) => steps.length));
  }

  /** The number that holds at a moment. */
  numberAt(moment: number): number | null {
    const { branch } = this.key;
    if (branch !== undefined && moment >= branch.at) return branch.number;
    return this.key.number ?? this.tracks.values().next().value?.number ?? null;
  }

  /** The step that it should end at, as it is told at a moment; null where the number told says no such thing. */
  dueAt(moment: number): number | null {
    return this.number?.countsSteps ? this.numberAt(moment) : null;
  }

  #all<Value>(look: (track: Track) => Value): Value[] {
    return [...this.tracks.values()].map(look);
  }
}

/** The picture on screen at a moment; the last one from the end on. */
export function pictureAt(track: Track, moment: number): number {
  const last = Math.min(moment, track.steps.length);
  return last === 0 ? track.picture : track.steps[last - 1]!.picture;
}

/** Where the player is at a moment. */
export function positionAt(track: Track, moment: number): Position {
  const last = Math.min(moment, track.steps.length);
  return last === 0 ? track.position : track.steps[last - 1]!.position;
}

/** Whether the player is through by this moment. */
export function isOver(track: Track, moment: number): boolean {
  return track.ending !== null && moment >= track.ending.steps;
}

/** What a player makes of a moment: its step there; at the end, its last one. */
export function stepAt(track: Track, moment: number): Step | undefined {
  return track.steps[Math.min(moment, track.steps.length - 1)];
}

/** How that moment is called. */
export const FIRST_DIFFERENCE = 'first different action';

/** The first step at which not all agents do the same. Null: none so far. People are not compared. */
export function firstDifference({ tracks }: Episode): number | null {
  const agents = [...tracks.values()].filter((track) => !track.isPerson);
  if (agents.length < 2) return null;
  const shared = Math.max(...agents.map(({ steps }) => steps.length));
  for (let step = 0; step < shared; step++) {
    const actions = agents.map((track) => track.steps[step]?.action);
    for (let one = 1; one < agents.length; one++) {
      if (actions[one] === actions[0]) continue;
      const missing = actions.indexOf(undefined);
      if (missing >= 0 && agents[missing]!.ending === null) return null;
      return step;
    }
  }
  return null;
}

/** How exactly the number told was followed: `early` is too little, `late` too much, of whatever it counts. */
export type Verdict =
  | { readonly kind: 'exact'; readonly inSteps: boolean }
  | { readonly kind: 'never'; readonly inSteps: boolean }
  | { readonly kind: 'early' | 'late'; readonly inSteps: boolean; readonly by: number }
  | { readonly kind: 'over'; readonly reward: number };

/** Null as long as the track goes on. Where the world does not say how well it was done, there is only the reward. */
export function verdictOf(episode: Episode, { ending }: Track): Verdict | null {
  if (ending === null) return null;
  const due = episode.dueAt(ending.steps);
  const { arrived = ending.how === 'terminated' ? 1 : 0, error } = ending.metrics;
  const off = error ?? (due === null ? null : ending.steps - due);
  const inSteps = due !== null;
  if (episode.number === null) return { kind: 'over', reward: ending.return };
  if (arrived === 0) return { kind: 'never', inSteps };
  if (off === null) return { kind: 'over', reward: ending.return };
  if (off === 0) return { kind: 'exact', inSteps };
  return { kind: off < 0 ? 'early' : 'late', inSteps, by: Math.abs(off) };
}

/**
 * The discounted return that followed each step.
 * @returns one for each step, in units of reward: G_i = r_i + discount × G_{i+1}
 */
export function returnsOf({ steps }: Track, discount: number): Float64Array {
  const returns = new Float64Array(steps.length);
  let following = 0;
  for (let step = steps.length - 1; step >= 0; step--) {
    following = steps[step]!.reward + discount * following;
    returns[step] = following;
  }
  return returns;
}

/** In nats: how undecided a policy is. */
export function entropyOf(probabilities: readonly number[]): number {
  return -probabilities.reduce((sum, p) => (p > 0 ? sum + p * Math.log(p) : sum), 0);
}

/** How a verdict is said. */
export function sayVerdict(verdict: Verdict): string {
  if (verdict.kind === 'over') return `Reward ${formatNumber(verdict.reward, 2)}`;
  if (verdict.kind === 'exact') return verdict.inSteps ? 'On time' : 'Exact';
  if (verdict.kind === 'never') return verdict.inSteps ? 'Never arrived' : 'Not done';
  const { kind, by, inSteps } = verdict;
  if (!inSteps) return `${by} too ${kind === 'early' ? 'few' : 'many'}`;
  return `${by} ${by === 1 ? 'step' : 'steps'} ${kind}`;
}
