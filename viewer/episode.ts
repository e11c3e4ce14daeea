import type { Pane, Policy, Step } from '../src/watch/protocol.ts';

/** Which episode: all that decides how it goes, apart from who plays it. */
export interface EpisodeKey {
  /** The time told; null: the world draws it. */
  readonly time: number | null;
  readonly seed: number;
  readonly policy: Policy;
  /** At moment `at` another time is told. */
  readonly branch?: { readonly at: number; readonly time: number } | undefined;
}

/** How an episode came to its end. */
export interface Ending {
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
  readonly pane: Pane;
  readonly checkpoint: string | null;
  /** The time told at the start. */
  readonly time: number | null;
  readonly picture: number;
  readonly position: Position;
  readonly steps: Step[];
  ending: Ending | null;
}

/** An episode, played by several at once. Tracks grow as steps come in. */
export class Episode {
  readonly key: EpisodeKey;
  readonly tracks = new Map<Pane, Track>();

  constructor(key: EpisodeKey) {
    this.key = key;
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

  /** The time that holds at a moment. */
  timeAt(moment: number): number | null {
    const { branch } = this.key;
    if (branch !== undefined && moment >= branch.at) return branch.time;
    return this.key.time ?? this.tracks.values().next().value?.time ?? null;
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
export function thoughtAt(track: Track, moment: number): Step | undefined {
  return track.steps[Math.min(moment, track.steps.length - 1)];
}

/** The first step at which not all agents do the same. Null: none so far. People are not compared. */
export function firstDifference({ tracks }: Episode): number | null {
  const agents = [...tracks.values()].filter(({ pane }) => pane !== 'you');
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

export type Verdict =
  | { readonly kind: 'exact' }
  | { readonly kind: 'early' | 'late'; readonly by: number }
  | { readonly kind: 'never' }
  | { readonly kind: 'over'; readonly reward: number };

/** How punctual a whole track was; null as long as it goes on. Without a time there is only the reward. */
export function verdictOf(episode: Episode, { ending }: Track): Verdict | null {
  if (ending === null) return null;
  const time = episode.timeAt(ending.steps);
  if (time === null) return { kind: 'over', reward: ending.return };
  const arrived = (ending.metrics.arrived ?? (ending.how === 'terminated' ? 1 : 0)) > 0;
  if (!arrived) return { kind: 'never' };
  const error = ending.metrics.error ?? ending.steps - time;
  if (error === 0) return { kind: 'exact' };
  return { kind: error < 0 ? 'early' : 'late', by: Math.abs(error) };
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
  if (verdict.kind === 'exact') return 'On time';
  if (verdict.kind === 'never') return 'Never arrived';
  if (verdict.kind === 'over') return `Reward ${verdict.reward.toFixed(2)}`;
  return `${verdict.by} ${verdict.by === 1 ? 'step' : 'steps'} ${verdict.kind}`;
}
