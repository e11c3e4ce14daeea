import { ConfigError } from '../../agent/config.ts';
import { createNetwork } from '../../agent/network.ts';
import { inspectWorld, OptionError } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import { numberTaskOf } from '../evaluate/evaluate.ts';
import { requireComparable, SummaryError } from '../evaluate/summary.ts';
import type { DeclaredRun } from './declaration.ts';

/**
 * What would come to light after all is trained otherwise: that an agent cannot be made, or evaluated, or held against the others.
 * @throws UsageError
 */
export function requireFeasible(path: string, runs: readonly DeclaredRun[]): void {
  const seed = runs[0]!.seed;
  const known = runs.flatMap((run) => {
    if (run.seed !== seed) return [];
    const { env, config } = run.settings;
    const where = `${path}, agent "${run.agent}"`;
    const numbers = runs
      .filter(({ agent }) => agent === run.agent)
      .flatMap(({ occasions }) => occasions.flatMap((occasion) => occasion.numbers));
    const yardstick = sayingWhere(where, () => {
      createNetwork(config, inspectWorld(env.id, env.options).shape);
      return numberTaskOf(env);
    });
    sayingWhere(`${where}, "numbers"`, () => numberTaskOf(env, [...new Set(numbers)]));
    return [{ run: where, label: run.agent, seed, policy: 'greedy' as const, ...yardstick }];
  });
  try {
    requireComparable(known);
  } catch (error) {
    if (!(error instanceof SummaryError)) throw error;
    throw new UsageError(error.message.replace(/\.$/, ''), { cause: error });
  }
}

/** Runs `action`; what is wrong with an agent is said with where it is declared. */
export function sayingWhere<Result>(where: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const isMistake =
      error instanceof OptionError || error instanceof ConfigError || error instanceof UsageError;
    if (!isMistake) throw error;
    throw new UsageError(`${where}: ${error.message}`, { cause: error });
  }
}
