import type { Theme } from '../src/render/palette.ts';
import type {
  AgentInfo,
  Extra,
  Policy,
  RewardRow,
  ServerMessage,
  WorldInfo,
} from '../src/watch/protocol.ts';
import type { Episode, Verdict } from './episode.ts';

export type Hello = Extract<ServerMessage, { kind: 'hello' }>;

/** What can be shown of an agent's thinking, and hidden. */
export const READOUTS = ['actions', 'value', 'pathway', 'lstm', 'observed'] as const;
export type ReadoutName = (typeof READOUTS)[number];

/** A learning curve: arrays of equal length. */
export interface CurvePoints {
  readonly frames: readonly number[];
  readonly reward: readonly (number | null)[];
  readonly exact: readonly (number | null)[];
}

/** Steps a second at speed 1. */
export const PACE = 5;
/** Multiples of the pace; the last is one step for every picture that the screen can show. */
export const SPEEDS = [0.5, 1, 2, 4, 8, Number.POSITIVE_INFINITY] as const;

/** Everything that the page shows depends on. */
export interface State {
  readonly connection: 'connecting' | 'open' | 'lost';
  readonly world: WorldInfo | null;
  readonly agents: readonly AgentInfo[];
  readonly replay: Hello['replay'];
  readonly limits: Hello['limits'] | null;

  /** What is asked for; what is on screen follows as soon as it has come in. */
  readonly number: number | null;
  readonly seed: number;
  readonly policy: Policy;

  readonly episode: Episode | null;
  /** The same start with another time from some moment on. */
  readonly branch: Episode | null;
  /** While branching: the moment from which on another time is told, and that time. */
  readonly branching: number | null;
  readonly branchNumber: number | null;
  /** The same world in a person's hands. */
  readonly own: Episode | null;
  /** Another one whenever an episode has grown. */
  readonly revision: number;
  /** Which moment of the episode is on screen. */
  readonly moment: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly loop: boolean;

  readonly readouts: ReadonlySet<ReadoutName>;
  readonly path: boolean;
  readonly charts: boolean;
  readonly theme: Theme;
  /** A sentence for the person, or an empty one. */
  readonly notice: string;

  /** For each agent: how it did at each time asked for, under the policy chosen; and how it learned. */
  readonly rows: ReadonlyMap<string, readonly RewardRow[]>;
  readonly curves: ReadonlyMap<number, CurvePoints>;
  /** Frames that each checkpoint met so far was trained on. */
  readonly checkpoints: ReadonlyMap<string, number>;
  /** How the episodes ended that were watched here, by agent, oldest first. */
  readonly tally: ReadonlyMap<number, readonly Verdict[]>;
}

export const INITIAL: State = {
  connection: 'connecting',
  world: null,
  agents: [],
  replay: null,
  limits: null,
  number: null,
  seed: 0,
  policy: 'greedy',
  episode: null,
  branch: null,
  branching: null,
  branchNumber: null,
  own: null,
  revision: 0,
  moment: 0,
  playing: true,
  speed: 1,
  loop: false,
  readouts: new Set<ReadoutName>(['actions', 'value', 'pathway', 'lstm']),
  path: true,
  charts: true,
  theme: 'light',
  notice: '',
  rows: new Map(),
  curves: new Map(),
  checkpoints: new Map(),
  tally: new Map(),
};

/** Rows are kept by agent and policy. */
export const rowsKey = (agent: number, policy: Policy): string => `${agent} ${policy}`;

/** What has to come with each step for what is shown. */
export function extrasFor(readouts: ReadonlySet<ReadoutName>): Extra[] {
  return (['observed', 'pathway', 'lstm'] as const).filter((extra) => readouts.has(extra));
}

/**
 * A number that tells the agents apart: beyond the training range, and where their shares of exact arrivals differ most. Null where
 * a world tells none.
 */
export function distinguishingNumber({ world, agents, rows }: State): number | null {
  if (!world?.number) return null;
  const [, most] = world.number.trained;
  let [best, telling] = [0.2, Math.round(most + 2)];
  const byAgent = agents.map((_, agent) => rows.get(rowsKey(agent, 'greedy')) ?? []);
  for (const { number } of byAgent[0] ?? []) {
    const shares = byAgent.map((own) => own.find((row) => row.number === number)?.exact);
    if (number <= most || shares.some((share) => share === undefined)) continue;
    const known = shares as number[];
    const apart = Math.max(...known) - (known.length > 1 ? Math.min(...known) : 0);
    if (apart < best) continue;
    [best, telling] = [apart, number];
  }
  return telling;
}

/** From which moment on another number is told, and which: in a branch, and in the replay of one. */
export function branchOf({
  branching,
  branchNumber,
  episode,
}: State): { readonly at: number; readonly number: number | null } | null {
  return branching === null
    ? (episode?.key.branch ?? null)
    : { at: branching, number: branchNumber };
}

/** Steps that the longest player needs, or is likely to. */
export function spanOf({ episode, branch, own }: State): number {
  const all = [episode, branch, own].filter((one) => one !== null);
  const times = all.map((one) => (one.whole ? 0 : (one.dueAt(one.length) ?? 0)));
  return Math.max(1, ...all.map((one) => one.length), ...times);
}
