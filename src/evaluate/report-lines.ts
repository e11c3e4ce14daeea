import type { Evaluation, Row } from './results.ts';
import { interquartileMean, probabilityOfImprovement } from './statistics.ts';
import { type Estimate, type Summary, summarise } from './summary.ts';

/** One agent at one number, over its seeds. */
export interface ReportLine {
  readonly number: number;
  /** Seeds that were evaluated at it. */
  readonly seeds: number;
  /** Episodes of each. */
  readonly episodes: number;
  readonly reward: Estimate;
  readonly rewardInterquartileMean: number;
  readonly exact: Estimate;
  readonly exactInterquartileMean: number;
  /** Mean step of arrival over the episodes that arrived; null where none did. */
  readonly meanArrival: number | null;
  /** Share of the episodes that never arrived, 0 to 1. */
  readonly neverArrived: number;
  /** How often a run of this agent has the higher reward than one of the first agent, ties counting half; null for that one. */
  readonly improvement: number | null;
}

export interface StudyReport {
  readonly title: string;
  readonly frames: number;
  readonly summary: Summary;
  readonly agents: readonly {
    readonly name: string;
    readonly about: string;
    readonly lines: readonly ReportLine[];
  }[];
  /** Every run that the study declares and that has a result, in its order. */
  readonly runs: readonly {
    readonly agent: string;
    readonly seed: number;
    readonly rows: readonly Row[];
  }[];
  /** Those of them that could not be trained or evaluated, in a sentence; absent where there are none. */
  readonly failed?: readonly {
    readonly agent: string;
    readonly seed: number;
    readonly sentence: string;
  }[];
}

/** What a study declares, as its report repeats it. */
interface Declared {
  readonly title: string;
  readonly frames: number;
  readonly agents: readonly { readonly name: string; readonly about: string }[];
}

interface Evaluated {
  readonly agent: string;
  readonly seed: number;
  readonly evaluation: Evaluation;
}

/** The numbers of a study's report. @param results one for each run of the study that has not failed, at least one for each agent */
export function studyReport(
  declaration: Declared,
  results: readonly Evaluated[],
  failed: StudyReport['failed'] = [],
): StudyReport {
  const summary = summarise(results.map(({ evaluation }) => evaluation));
  const rowsOf = (agent: string, number: number): Row[] =>
    results
      .filter((result) => result.agent === agent)
      .flatMap(({ evaluation }) => evaluation.rows.filter((row) => row.number === number));
  const first = declaration.agents[0]!.name;
  const agents = declaration.agents.map(({ name, about }) => ({
    ...{ name, about },
    lines: summary.agents
      .find(({ label }) => label === name)!
      .numbers.map(({ number, seeds, reward, exact, meanArrival, neverArrived }): ReportLine => {
        const rows = rowsOf(name, number);
        const rewards = rows.map(({ meanReward }) => meanReward);
        const others = rowsOf(first, number).map(({ meanReward }) => meanReward);
        const isCompared = name !== first && others.length > 0;
        return {
          ...{ number, seeds, episodes: Math.min(...rows.map((row) => row.episodes)) },
          ...{ reward, exact, meanArrival, neverArrived },
          rewardInterquartileMean: interquartileMean(rewards),
          exactInterquartileMean: interquartileMean(rows.map((row) => row.exact)),
          improvement: isCompared ? probabilityOfImprovement(rewards, others) : null,
        };
      }),
  }));
  const runs = results.map(({ agent, seed, evaluation: { rows } }) => ({ agent, seed, rows }));
  const { title, frames } = declaration;
  return { title, frames, summary, agents, runs, ...(failed.length > 0 && { failed }) };
}
