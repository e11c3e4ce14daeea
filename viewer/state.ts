import type { Theme } from '../src/render/palette.ts';
import type {
  AgentInfo,
  Extra,
  NumberValues,
  Policy,
  RewardRow,
  ServerMessage,
  StudyText,
  WorldInfo,
} from '../src/watch/protocol.ts';
import type { Episode, EpisodeKey, Verdict } from './episode.ts';
import type { TrainingState } from './training/training-state.ts';

export type Hello = Extract<ServerMessage, { kind: 'hello' }>;

/** The views of what an agent computes, which can be shown and hidden. */
export const READOUTS = ['actions', 'value', 'pathway', 'lstm', 'observed'] as const;
export type ReadoutName = (typeof READOUTS)[number];

/** What each is called. */
export const READOUT_LABELS: Record<ReadoutName, string> = {
  actions: 'Actions',
  value: 'Expected reward',
  pathway: 'Pathway',
  lstm: 'Memory (LSTM)',
  observed: 'What the agent sees',
};

/** A learning curve, as arrays of equal length. */
export interface CurvePoints {
  readonly frames: readonly number[];
  readonly reward: readonly (number | null)[];
  readonly exact: readonly (number | null)[];
}

/** The greatest episode number that the server accepts. */
export const MOST_SEED = 1_000_000_000;

/** Steps a second at speed 1. */
export const PACE = 5;
/** Multiples of the pace; the last is one step per frame of the screen. */
export const SPEEDS = [0.5, 1, 2, 4, 8, Number.POSITIVE_INFINITY] as const;

/** A moment of the episode, or so many steps before its end, from where it may play on. */
export type Destination =
  | { readonly moment: number }
  | { readonly beforeEnd: number; readonly plays: boolean };

/** A file that is being made. */
export interface Saving {
  readonly text: string;
  /** How much of it is done, 0 to 1. */
  readonly share: number;
  stop(): void;
}

/** Everything that decides what the page shows. */
export interface State {
  readonly connection: 'connecting' | 'open' | 'lost';
  /** Why the connection is lost, where the server said so. */
  readonly lostBecause: string;
  readonly world: WorldInfo | null;
  readonly agents: readonly AgentInfo[];
  /** How the study stands whose runs the agents are; null where that is not followed. */
  readonly study: StudyText | null;
  readonly replay: Hello['replay'];
  /** The run of this browser that is on screen; null: none. */
  readonly training: TrainingState | null;
  readonly limits: Hello['limits'] | null;

  /** The episode that was chosen; it is shown as soon as it has arrived. */
  readonly number: number | null;
  /** Other numbers that are fixed, by the names of their options; the world draws the rest. */
  readonly others: NumberValues;
  readonly seed: number;
  readonly policy: Policy;
  /** The agents play as they were kept after so many frames of training; null: as they are now. */
  readonly trained: number | null;
  /** Whether playback went on to this episode by itself, rather than a person. */
  readonly byPlayback: boolean;
  /** What a person asked for that ends their own play, until they confirm it; null: nothing. */
  readonly endingPlay: (() => void) | null;

  readonly episode: Episode | null;
  /** The same start, with another number from some moment on. */
  readonly branch: Episode | null;
  /** While branching: the moment from which the world tells another number, and that number. */
  readonly branching: number | null;
  readonly branchNumber: number | null;
  /** The same episode, played by a person. */
  readonly own: Episode | null;
  /** Changes whenever an episode has grown. */
  readonly revision: number;
  /** The moment of the episode that is on screen. */
  readonly moment: number;
  readonly playing: boolean;
  /** Where a person wants to go as soon as the steps up to there have arrived; null: nowhere. */
  readonly going: Destination | null;
  readonly saving: Saving | null;
  readonly speed: number;
  readonly loop: boolean;

  readonly readouts: ReadonlySet<ReadoutName>;
  readonly path: boolean;
  readonly charts: boolean;
  readonly theme: Theme;
  /** A sentence for the person; empty: none. */
  readonly notice: string;

  /** How each agent did at each number, by agent and policy; and how it learned. */
  readonly rows: ReadonlyMap<string, readonly RewardRow[]>;
  /** How each episode went, by agent and policy, then by number, as the server writes it. */
  readonly outcomes: ReadonlyMap<string, ReadonlyMap<number, string>>;
  readonly curves: ReadonlyMap<number, CurvePoints>;
  /** Frames of training of each checkpoint seen so far. */
  readonly checkpoints: ReadonlyMap<string, number>;
  /** How the episodes watched so far ended, by agent, oldest first. */
  readonly tally: ReadonlyMap<number, readonly Verdict[]>;
}

export const INITIAL: State = {
  connection: 'connecting',
  lostBecause: '',
  world: null,
  agents: [],
  study: null,
  replay: null,
  training: null,
  limits: null,
  number: null,
  others: {},
  seed: 0,
  policy: 'greedy',
  trained: null,
  byPlayback: false,
  endingPlay: null,
  episode: null,
  branch: null,
  branching: null,
  branchNumber: null,
  own: null,
  revision: 0,
  moment: 0,
  playing: true,
  going: null,
  saving: null,
  speed: 1,
  loop: false,
  readouts: new Set<ReadoutName>(['actions', 'value', 'pathway', 'lstm']),
  path: true,
  charts: true,
  theme: 'light',
  notice: '',
  rows: new Map(),
  outcomes: new Map(),
  curves: new Map(),
  checkpoints: new Map(),
  tally: new Map(),
};

/** The key of {@link State.rows} and {@link State.outcomes}. */
export const rowsKey = (agent: number, policy: Policy): string => `${agent} ${policy}`;

/** The episode that was chosen. @param seed of another one */
export const chosenEpisode = (
  { number, others, policy, trained, ...state }: State,
  seed = state.seed,
): EpisodeKey => ({
  ...{ number, seed, policy },
  ...(Object.keys(others).length > 0 && { others }),
  ...(trained !== null && { frames: trained }),
});

/** What steps must carry for these readouts. */
export function extrasFor(readouts: ReadonlySet<ReadoutName>): Extra[] {
  return (['observed', 'pathway', 'lstm'] as const).filter((extra) => readouts.has(extra));
}

/** In a branch, or the replay of one: the moment from which the world tells another number, and that number. */
export function branchOf({
  branching,
  branchNumber,
  episode,
}: State): { readonly at: number; readonly number: number | null } | null {
  return branching === null
    ? (episode?.key.branch ?? null)
    : { at: branching, number: branchNumber };
}

/** Steps of the longest player, or those it is likely to take. */
export function spanOf({ episode, branch, own }: State): number {
  const all = [episode, branch, own].filter((one) => one !== null);
  const times = all.map((one) => (one.whole ? 0 : (one.dueAt(one.length) ?? 0)));
  return Math.max(1, ...all.map((one) => one.length), ...times);
}
