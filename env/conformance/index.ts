/**
 * The conformance kit: judges a world by every rule of the contract. It needs no test framework.
 *
 * ```ts
 * import { test } from 'node:test';
 * import { conformance } from 'timegrid/env/conformance';
 * conformance(test, spec);
 * ```
 */

import type { Env, EnvSpec } from '../contract.ts';
import { type CheckSettings, checkEnv, type Report } from './check.ts';
import { rules } from './rules.ts';

export {
  answerRules,
  type CallResult,
  findViolation,
  type Violation,
} from '../guard/answer-rules.ts';
export { type CheckSettings, checkEnv, type Finding, type Report } from './check.ts';
export type { Speed } from './speed.ts';

/** Every rule by its name, in the order in which they are judged. */
export const ruleIds: readonly string[] = rules.map(({ id }) => id);

/**
 * Declares one test for each rule. A rule that is broken fails its test with a sentence that says what to change; one that cannot
 * be judged since another is broken passes, as that one fails.
 * @param test of node:test, vitest or any other framework
 * @param what as of `checkEnv`
 */
export function conformance(
  test: (name: string, body: () => void) => unknown,
  what: EnvSpec | (() => Env),
  settings?: CheckSettings,
): void {
  let report: Report | undefined;
  for (const { id, says } of rules) {
    test(`${id}: ${says}`, () => {
      report ??= checkEnv(what, settings);
      const { outcome, problem, advice } = report.rules.find((finding) => finding.id === id)!;
      if (outcome === 'broken') throw new Error(`${report.id}: ${problem} (${id}: ${advice})`);
    });
  }
}
