import type { Finding } from '../../env/conformance/index.ts';
import { placeOf } from '../../env/guard/thrown.ts';

/** One thing that everything of a kind must keep to. */
export interface SubjectRule<Subject> {
  readonly id: string;
  /** The rule itself, in a sentence. */
  readonly says: string;
  /** What to change in one that breaks it. */
  readonly advice: string;
  /** Rules without which it cannot be judged. */
  readonly needs?: readonly string[];
  /** @returns what is against the rule, if anything; what it throws is against it too */
  check(subject: Subject): Promise<string | undefined> | string | undefined;
}

/** What is tried by the rules. */
export interface Trial<Subject> {
  make(): Subject;
  /** Follows a problem that shows in it, such as ` (told 2 numbers)`. */
  readonly where: string;
}

/**
 * Judges by every rule. What the rule or the trial throws breaks the rule.
 * @param trials each with a new subject for each rule; the first problem counts
 * @param onRule is called before each rule is judged
 */
export async function judge<Subject>(
  rules: readonly SubjectRule<Subject>[],
  trials: readonly Trial<Subject>[],
  onRule: (id: string) => void,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const rule of rules) {
    const { id, says, advice, needs = [] } = rule;
    onRule(id);
    const missing = needs.find((need) =>
      findings.some((finding) => finding.id === need && finding.outcome !== 'kept'),
    );
    if (missing !== undefined) {
      findings.push({ id, says, outcome: 'unjudged', problem: `${missing} is broken` });
      continue;
    }
    const problem = await firstProblem(rule, trials);
    findings.push({
      id,
      says,
      outcome: problem ? 'broken' : 'kept',
      ...(problem && { problem, advice }),
    });
  }
  return findings;
}

async function firstProblem<Subject>(
  rule: SubjectRule<Subject>,
  trials: readonly Trial<Subject>[],
): Promise<string | undefined> {
  for (const { make, where } of trials) {
    let problem: string | undefined;
    try {
      problem = await rule.check(make());
    } catch (error) {
      const { message } = error instanceof Error ? error : { message: String(error) };
      problem = `${message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '')}${placeOf(error)}`;
    }
    if (problem !== undefined) return problem + where;
  }
  return undefined;
}
