/** The rules for an episode as a whole: for its metrics and its summed reward. The conformance kit, a vector of worlds and players check them. */

import { closestMatch } from '../closest.ts';
import type { Env, EnvSpec, Info } from '../contract.ts';
import type { InstructedNumber } from '../number.ts';
import { show, type Violation } from './answer-rules.ts';

/** An episode that is over. */
export interface EndedEpisode {
  readonly metrics: Info['metrics'];
  /** What its first result said, where that is known. */
  readonly canBeExact?: unknown;
  /** Summed reward. */
  readonly return: number;
}

/** A rule for whole episodes. */
interface EpisodeRule {
  readonly id: string;
  /** The rule itself, in a sentence. */
  readonly says: string;
  readonly advice: string;
  /** Whether there is anything to check in a world. */
  binds(world: EpisodeWorld): boolean;
  /** What breaks the rule; undefined where nothing does. */
  problem(episode: EndedEpisode, world: EpisodeWorld): string | undefined;
}

/** What the rules need to know of a world. */
export interface EpisodeWorld {
  readonly number?: InstructedNumber | undefined;
  readonly spec: Pick<EnvSpec, 'metrics'>;
}

/** The metrics of every world that has a number. */
const OF_NUMBER: readonly string[] = ['exact', 'arrived', 'error'];
/** What the wrapper RecordEpisodeStatistics adds. */
const OF_STATISTICS = 'return';
/** A sum of rewards may be off by rounding. */
const ROUNDING = 1e-6;

const declaredMetrics: EpisodeRule = {
  id: 'metrics-declared',
  says: 'metrics are those that the spec declares, besides exact, arrived and error of a number',
  advice: 'correct the name, or add it to metrics of the spec',
  binds: ({ spec }) => Array.isArray(spec.metrics),
  problem({ metrics = {} }, { number, spec }) {
    const known = [...(spec.metrics ?? []), ...(number ? OF_NUMBER : []), OF_STATISTICS];
    for (const name in metrics) {
      if (known.includes(name)) continue;
      const closest = closestMatch(name, known);
      return `the metric ${name} is not declared${closest ? `; did you mean ${closest}?` : ''}`;
    }
    return undefined;
  },
};

const numberMetrics: EpisodeRule = {
  id: 'number-metrics',
  says: "at an episode's end, info.metrics says exact and arrived, 0 or 1, and error where it arrived: 0 where exact",
  advice: 'hand { exact, arrived, error } to termination and truncation, as env/number.ts says',
  binds: ({ number }) => number !== undefined,
  problem({ metrics = {} }) {
    const { exact, arrived, error } = metrics;
    if (!isFlag(exact)) return `exact is ${show(exact)}${misspelt('exact', metrics)}`;
    if (!isFlag(arrived)) return `arrived is ${show(arrived)}${misspelt('arrived', metrics)}`;
    if (exact === 1 && arrived === 0) return 'exact is 1 and arrived 0';
    if (arrived === 1 && error === undefined) {
      return `arrived is 1 without an error${misspelt('error', metrics)}`;
    }
    return exact === 1 && error !== 0 ? `exact is 1 and error ${error}` : undefined;
  },
};

const canBeExact: EpisodeRule = {
  id: 'number-can-be-exact',
  says: 'info.canBeExact of reset is true or false where it is given, and no episode is exact where it is false',
  advice: 'compare the number told with the least that the task takes, or leave canBeExact out',
  binds: ({ number }) => number !== undefined,
  problem({ canBeExact, metrics = {} }) {
    if (canBeExact === undefined) return undefined;
    if (typeof canBeExact !== 'boolean') return `canBeExact is ${show(canBeExact)}`;
    return !canBeExact && metrics.exact === 1
      ? 'an episode was exact although canBeExact was false'
      : undefined;
  },
};

const maxReward: EpisodeRule = {
  id: 'number-max-reward',
  says: 'no episode is worth more than number.maxReward',
  advice: 'set maxReward to what an episode that does exactly what the number says is worth',
  binds: ({ number }) => number !== undefined,
  problem({ return: sum }, { number }) {
    const most = number!.maxReward;
    return sum > most + ROUNDING ? `an episode was worth ${sum}, more than ${most}` : undefined;
  },
};

export const episodeRules: readonly EpisodeRule[] = [
  declaredMetrics,
  numberMetrics,
  canBeExact,
  maxReward,
];

/** The first rule that an episode breaks; null where it breaks none. */
export function findEpisodeViolation(episode: EndedEpisode, world: Env): Violation | null {
  for (const rule of episodeRules) {
    const { id, advice, binds, problem } = rule;
    // A world that gives no metrics at all may be played in; only the conformance kit minds.
    if (!binds(world) || (rule === numberMetrics && episode.metrics === undefined)) continue;
    const found = problem(episode, world);
    if (found !== undefined) return { rule: id, problem: found, advice };
  }
  return null;
}

const isFlag = (value: number | undefined): boolean => value === 0 || value === 1;

/** What else an episode says, where a metric is missing: the one most like it. */
function misspelt(missing: string, metrics: NonNullable<Info['metrics']>): string {
  const others = Object.keys(metrics).filter((name) => !OF_NUMBER.includes(name));
  const name = closestMatch(missing, others) ?? others[0];
  return missing in metrics || name === undefined ? '' : `, but there is a metric ${name}`;
}
