import type { AgentInfo, NumberValues, Policy } from '../src/watch/protocol.ts';
import type { State } from './state.ts';

/** What an address says about a moment; null: it does not say. */
export interface Address {
  /** The runs that were on screen, as {@link runsOf} names them. */
  readonly runs: string | null;
  readonly number: number | null;
  /** Other numbers that are fixed, by the names of their options. */
  readonly others: NumberValues;
  readonly seed: number | null;
  readonly policy: Policy | null;
  readonly step: number | null;
  readonly branch: { readonly at: number; readonly number: number } | null;
}

export function readAddress(search: string): Address {
  const parameters = new URLSearchParams(search);
  const wholeOf = (text: string | null | undefined) =>
    text && /^\d{1,9}$/.test(text) ? Number(text) : null;
  const whole = (name: string) => wholeOf(parameters.get(name));
  const others = (parameters.get('others') ?? '').split(',').flatMap((text) => {
    const [, option, value] = /^(.+):(.*)$/.exec(text) ?? [];
    const fixed = wholeOf(value);
    return option === undefined || fixed === null ? [] : [[option, fixed] as const];
  });
  const policy = parameters.get('policy');
  const [at, number] = [whole('branch'), whole('then')];
  return {
    runs: parameters.get('runs'),
    number: whole('t'),
    others: Object.fromEntries(others),
    seed: whole('episode'),
    policy: policy === 'greedy' || policy === 'sample' ? policy : null,
    step: whole('step'),
    branch: at === null || number === null ? null : { at, number },
  };
}

const COUNT = new Intl.NumberFormat('en', { notation: 'compact' });

/** Names runs independently of their folders: by kind of agent, seed and length of training. */
export const runsOf = (agents: readonly AgentInfo[]): string =>
  agents
    .map(({ name, pathway, seed, totalFrames, frames }) =>
      pathway === null ? name : `${pathway}-${seed}-${COUNT.format(totalFrames ?? frames)}`,
    )
    .join(',');

/** The address of what is on screen, without the step during playback. */
export function writeAddress({
  agents,
  number,
  others,
  seed,
  policy,
  moment,
  playing,
  branching,
  branchNumber,
}: State): string {
  const parameters = new URLSearchParams({ runs: runsOf(agents) });
  if (number !== null) parameters.set('t', String(number));
  const fixed = Object.entries(others).map(([option, value]) => `${option}:${value}`);
  if (fixed.length > 0) parameters.set('others', fixed.join());
  parameters.set('episode', String(seed));
  if (policy !== 'greedy') parameters.set('policy', policy);
  if (branching !== null && branchNumber !== null) {
    parameters.set('branch', String(branching));
    parameters.set('then', String(branchNumber));
  }
  if (!playing) parameters.set('step', String(moment));
  return `?${parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')}`;
}
