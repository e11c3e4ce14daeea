import type {
  AgentInfo,
  NumberInfo,
  NumberValues,
  OtherNumberInfo,
  PaneId,
  Policy,
  ServerMessage,
  Step,
} from '../src/watch/protocol.ts';
import { formatNumber } from './format-number.ts';

/** Which episode: everything that decides how it goes, apart from who plays. */
export interface EpisodeKey {
  /** The main number that the world tells; null: the world draws it. */
  readonly number: number | null;
  /** Values of other numbers, by the names of their options; the world draws those that are left out. */
  readonly others?: NumberValues | undefined;
  readonly seed: number;
  readonly policy: Policy;
  /** The agents play as they were kept after so many frames of training. */
  readonly frames?: number | undefined;
  /** From moment `at` on, the world tells another main number. */
  readonly branch?: { readonly at: number; readonly number: number } | undefined;
}

/** How an episode ended for one player. */
export type TrackEnding = Omit<Extract<ServerMessage, { kind: 'end' }>, 'kind' | 'id' | 'agent'>;

type Position = Step['position'];

/** One player's part in an episode, as far as it has arrived. Moment `k` is what is on screen after `k` steps. */
export interface Track {
  readonly pane: PaneId;
  /** People are neither compared with agents nor tallied. */
  readonly isPerson: boolean;
  readonly checkpoint: string | null;
  /** The accumulator of an agent that was kept; null: it has none. */
  readonly nac?: AgentInfo['nac'] | undefined;
  /** The main number at the start. */
  readonly number: number | null;
  /** Every number at the start, by the name of its option. */
  readonly numbers?: NumberValues | undefined;
  readonly picture: number;
  readonly position: Position;
  readonly steps: Step[];
  ending: TrackEnding | null;
}

/** A number of the world, and its value in an episode. */
export interface ToldNumber extends Omit<OtherNumberInfo, 'option'> {
  readonly value: number;
}

/** An episode that several play at once. Its tracks grow as steps arrive. */
export class Episode {
  readonly key: EpisodeKey;
  /** What the main number means; null: the world tells none. */
  readonly number: NumberInfo | null;
  /** What the other numbers mean. */
  readonly others: readonly OtherNumberInfo[];
  readonly tracks = new Map<PaneId, Track>();

  constructor(key: EpisodeKey, number: NumberInfo | null, others: readonly OtherNumberInfo[] = []) {
    this.key = key;
    this.number = number;
    this.others = others;
  }

  /** Steps of the longest track so far. */
  get length(): number {
    return Math.max(0, ...this.#all((track) => track.steps.length));
  }

  /** Whether every track has ended. */
  get whole(): boolean {
    return this.tracks.size > 0 && this.#all((track) => track.ending !== null).every(Boolean);
  }

  /** The last moment that every player still playing can show. */
  get reach(): number {
    const going = [...this.tracks.values()].filter(({ ending }) => ending === null);
    return going.length === 0 ? this.length : Math.min(...going.map(({ steps }) => steps.length));
  }

  /** The main number at a moment. */
  numberAt(moment: number): number | null {
    const { branch } = this.key;
    if (branch !== undefined && moment >= branch.at) return branch.number;
    return this.key.number ?? this.tracks.values().next().value?.number ?? null;
  }

  /** The value of another number; undefined until it is known. */
  valueOf({ option }: OtherNumberInfo): number | undefined {
    return this.key.others?.[option] ?? this.tracks.values().next().value?.numbers?.[option];
  }

  /** Every number at a moment, the main one last. */
  numbersAt(moment: number): ToldNumber[] {
    const told = this.others.flatMap((other) => {
      const value = this.valueOf(other);
      return value === undefined ? [] : [{ ...other, value }];
    });
    const main = this.numberAt(moment);
    return this.number === null || main === null
      ? told
      : [...told, { ...this.number, value: main }];
  }

  /** The step to arrive at, by the numbers at a moment; null where they do not say it. */
  dueAt(moment: number): number | null {
    const number = this.numberAt(moment);
    if (this.number?.countsSteps || number === null) return number;
    const steps = this.#stepsEach && this.valueOf(this.#stepsEach);
    return steps === undefined ? null : steps * number;
  }

  /** What a due step is called: `t`, or `p · b`. */
  get dueSymbol(): string {
    const symbols = [this.#stepsEach?.symbol, this.number?.symbol];
    return symbols.filter((symbol) => symbol !== undefined).join(' · ');
  }

  /** The number that says how many steps each unit of the main one has. */
  get #stepsEach(): OtherNumberInfo | undefined {
    return this.others.find(({ option }) => option === this.number?.stepsEach);
  }

  #all<Value>(read: (track: Track) => Value): Value[] {
    return [...this.tracks.values()].map(read);
  }
}

/** The picture at a moment; after the end, the last one. */
export function pictureAt(track: Track, moment: number): number {
  const last = Math.min(moment, track.steps.length);
  return last === 0 ? track.picture : track.steps[last - 1]!.picture;
}

/** The player's position at a moment; after the end, the last one. */
export function positionAt(track: Track, moment: number): Position {
  const last = Math.min(moment, track.steps.length);
  return last === 0 ? track.position : track.steps[last - 1]!.position;
}

/** Whether the player is done by this moment. */
export function isOver(track: Track, moment: number): boolean {
  return track.ending !== null && moment >= track.ending.steps;
}

/** The step that a player takes at a moment; after the end, the last one. */
export function stepAt(track: Track, moment: number): Step | undefined {
  return track.steps[Math.min(moment, track.steps.length - 1)];
}

export const OVERFLOWED = 'overflowed';

/** Whether the network's numbers at this step are not numbers, so that its action means nothing. */
export const hasOverflowed = ({ probabilities, value }: Step): boolean =>
  probabilities !== null && (value === null || probabilities.includes(null));

export const FIRST_DIFFERENCE = 'first different action';

/** Up to which step the agents of an episode are known to do the same. */
const compared = new WeakMap<
  Episode,
  { readonly agents: readonly Track[]; readonly same: number }
>();

/** The first step at which the agents do not all do the same; null: none so far. People are not compared. */
export function firstDifference(episode: Episode): number | null {
  const agents = [...episode.tracks.values()].filter((track) => !track.isPerson);
  if (agents.length < 2) return null;
  const before = compared.get(episode);
  const isSameAgents =
    before?.agents.length === agents.length && agents.every((one, i) => one === before.agents[i]);
  let step = isSameAgents ? before.same : 0;
  const shared = Math.max(...agents.map(({ steps }) => steps.length));
  const actionOf = ({ steps }: Track) => steps[step]?.action;
  const differ = (some: readonly Track[]) =>
    some.some((track) => actionOf(track) !== actionOf(some[0]!));
  while (step < shared && !differ(agents)) step++;
  compared.set(episode, { agents, same: step });
  // Nobody knows yet what an agent does whose steps are still to come.
  const known = agents.filter(({ steps, ending }) => step < steps.length || ending !== null);
  return step < shared && differ(known) ? step : null;
}

/** How exactly the number was followed. Where there is no step to arrive at, `early` means too few and `late` too many. */
export type Verdict =
  | { readonly kind: 'exact'; readonly inSteps: boolean }
  | { readonly kind: 'never'; readonly inSteps: boolean }
  | { readonly kind: 'early' | 'late'; readonly inSteps: boolean; readonly by: number }
  /** Right by the main number, but not by another one. */
  | { readonly kind: 'wrong'; readonly missed: string }
  | { readonly kind: 'over'; readonly reward: number };

/** Null until the track ends. Where the world does not say how well the player did, there is only the reward. */
export function verdictOf(episode: Episode, { ending }: Track): Verdict | null {
  if (ending === null) return null;
  const due = episode.dueAt(ending.steps);
  const { arrived = ending.how === 'terminated' ? 1 : 0, error, exact = 1 } = ending.metrics;
  const off = error ?? (due === null ? null : ending.steps - due);
  const inSteps = due !== null;
  if (episode.number === null) return { kind: 'over', reward: ending.return };
  if (arrived === 0) return { kind: 'never', inSteps };
  if (off === null) return { kind: 'over', reward: ending.return };
  if (off === 0 && exact === 0 && episode.others.length > 0) {
    const [only, ...more] = episode.others;
    return { kind: 'wrong', missed: more.length === 0 ? only!.meaning : 'another number' };
  }
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

/** How undecided a policy is, in nats. */
export function entropyOf(probabilities: readonly number[]): number {
  return -probabilities.reduce((sum, p) => (p > 0 ? sum + p * Math.log(p) : sum), 0);
}

export const countSteps = (count: number): string => `${count} ${count === 1 ? 'step' : 'steps'}`;

const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** A verdict in words. */
export function verdictText(verdict: Verdict): string {
  if (verdict.kind === 'over') return `Reward ${formatNumber(verdict.reward, 2)}`;
  if (verdict.kind === 'wrong') return `${capitalised(verdict.missed)} missed`;
  if (verdict.kind === 'exact') return verdict.inSteps ? 'On time' : 'Exact';
  if (verdict.kind === 'never') return verdict.inSteps ? 'Never arrived' : 'Not done';
  const { kind, by, inSteps } = verdict;
  if (!inSteps) return `${by} too ${kind === 'early' ? 'few' : 'many'}`;
  return `${countSteps(by)} ${kind}`;
}

/** That an ended track could not have been exact, whoever played; null where it could, or the world does not say. */
export const excuseOf = ({ ending }: Track): string | null =>
  ending?.canBeExact === false ? 'nobody could be exact' : null;
