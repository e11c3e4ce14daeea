import type { AgentInfo, NumberValues, Policy } from '../src/watch/protocol.ts';
import { MOST_SEED, type State } from './state.ts';

/** What an address says about a moment; null: it does not say. */
export interface Address {
  /** The runs that were on screen, as {@link runsOf} names them. */
  readonly runs: string | null;
  readonly number: number | null;
  /** Other numbers that are fixed, by the names of their options. */
  readonly others: NumberValues;
  readonly seed: number | null;
  readonly policy: Policy | null;
  /** Frames of training that the agents were kept after. */
  readonly trained: number | null;
  readonly step: number | null;
  readonly branch: { readonly at: number; readonly number: number } | null;
  /** What was wrong with it: each the end of a sentence. */
  readonly problems: readonly string[];
}

/** What an address can ask for in this world. */
export interface Allowed {
  /** The least and the greatest main number; null: the world tells none. */
  readonly number: readonly [number, number] | null;
  /** Options of the world's other numbers, and the greatest value of each. */
  readonly others: readonly string[];
  readonly mostOther: number;
  readonly mostSteps: number;
  /** Frames of training that agents were kept after. */
  readonly trained: readonly number[];
}

const NAMES = [
  'run',
  'runs',
  't',
  'others',
  'episode',
  'policy',
  'trained',
  'branch',
  'then',
  'step',
];
const LONGEST_QUOTE = 24;

/** Reads an address. What cannot be had is brought within range or left out, and `problems` says so. */
export function readAddress(search: string, allowed: Allowed): Address {
  const parameters = new URLSearchParams(search);
  const problems: string[] = [];
  const whole = (name: string, text: string | null, [least, most]: readonly [number, number]) => {
    if (text === null) return null;
    const value = /^-?\d+$/.test(text) ? Number(text) : null;
    if (value !== null && value >= least && value <= most) return value;
    const range = `${least.toLocaleString('en')} to ${most.toLocaleString('en')}`;
    problems.push(`${name} must be a whole number from ${range}, not ${quoted(text)}`);
    return value === null ? null : Math.min(most, Math.max(least, value));
  };
  for (const name of new Set(parameters.keys()))
    if (!NAMES.includes(name)) problems.push(`nothing is called ${quoted(name)}`);
  const readNumber = (name: string) => {
    const text = parameters.get(name);
    if (allowed.number !== null || text === null)
      return whole(name, text, allowed.number ?? [0, 0]);
    problems.push(`${name} means nothing in a world that tells no number`);
    return null;
  };
  const steps = [0, allowed.mostSteps] as const;
  const number = readNumber('t');
  const others = (parameters.get('others')?.split(',') ?? []).flatMap((text) => {
    const [, option = text, value = ''] = /^(.+):(.*)$/.exec(text) ?? [];
    if (!allowed.others.includes(option)) {
      problems.push(`no other number is called ${quoted(option)}`);
      return [];
    }
    const fixed = whole(option, value, [0, allowed.mostOther]);
    return fixed === null ? [] : [[option, fixed] as const];
  });
  const seed = whole('episode', parameters.get('episode'), [0, MOST_SEED]);
  const policy = parameters.get('policy');
  const isPolicy = policy === 'greedy' || policy === 'sample';
  if (policy !== null && !isPolicy)
    problems.push(`policy must be greedy or sample, not ${quoted(policy)}`);
  const after = parameters.get('trained');
  const trained = allowed.trained.find((frames) => String(frames) === after) ?? null;
  if (after !== null && trained === null)
    problems.push(`no agent was kept after ${quoted(after)} frames of training`);
  const at = whole('branch', parameters.get('branch'), steps);
  const then = readNumber('then');
  if (parameters.has('branch') !== parameters.has('then'))
    problems.push('branch and then need each other');
  return {
    runs: parameters.get('runs'),
    number,
    others: Object.fromEntries(others),
    seed,
    policy: isPolicy ? policy : null,
    trained,
    step: whole('step', parameters.get('step'), steps),
    branch: at === null || then === null ? null : { at, number: then },
    problems,
  };
}

const quoted = (text: string): string =>
  `“${text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text}”`;

const COUNT = new Intl.NumberFormat('en', { notation: 'compact' });

/** Names runs independently of their folders: by kind of agent, seed and length of training. */
export const runsOf = (agents: readonly AgentInfo[]): string =>
  agents
    .map(({ name, pathway, seed, totalFrames, frames }) =>
      pathway === null ? name : `${pathway}-${seed}-${COUNT.format(totalFrames ?? frames)}`,
    )
    .join(',');

/** The address of an episode that the world draws all other numbers of, from its start. */
export const episodeAddress = (state: State, number: number, seed: number): string =>
  writeAddress({
    ...state,
    ...{ number, seed, others: {}, trained: null, branching: null, playing: true },
  });

/** The address of what is on screen, without the step during playback. */
export function writeAddress({
  training,
  agents,
  number,
  others,
  seed,
  policy,
  trained,
  moment,
  going,
  playing,
  branching,
  branchNumber,
}: State): string {
  const parameters = new URLSearchParams({
    ...(training && { run: training.name }),
    runs: runsOf(agents),
  });
  if (number !== null) parameters.set('t', String(number));
  const fixed = Object.entries(others).map(([option, value]) => `${option}:${value}`);
  if (fixed.length > 0) parameters.set('others', fixed.join());
  parameters.set('episode', String(seed));
  if (policy !== 'greedy') parameters.set('policy', policy);
  if (trained !== null) parameters.set('trained', String(trained));
  if (branching !== null && branchNumber !== null) {
    parameters.set('branch', String(branching));
    parameters.set('then', String(branchNumber));
  }
  const goesTo = going !== null && 'moment' in going ? going.moment : moment;
  if (!playing) parameters.set('step', String(goesTo));
  return `?${parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')}`;
}
