import type { PathwaySpec } from '../../agent/pathways/pathway.ts';
import type { Finding, Report } from '../../env/conformance/index.ts';
import { placeOf } from '../../env/guard/thrown.ts';
import { pathwayRules } from './pathway-rules.ts';
import { PathwaySubject } from './pathway-subject.ts';

/** Lengths of the instruction that a pathway is judged with. */
const LENGTHS = [1, 0, 2];

/**
 * Judges a pathway by every rule, in worlds that tell one number, none and two. What it throws breaks the rule that is judged.
 * @param options of its own; the rest have their defaults
 * @param onRule is called before each rule is judged
 */
export async function checkPathway(
  spec: PathwaySpec,
  options: Readonly<Record<string, unknown>> = {},
  onRule: (id: string) => void = () => {},
): Promise<Report> {
  const rules: Finding[] = [];
  for (const { id, says, advice, needs = [], check } of pathwayRules) {
    onRule(id);
    const missing = needs.find((need) =>
      rules.some((rule) => rule.id === need && rule.outcome !== 'kept'),
    );
    if (missing !== undefined) {
      rules.push({ id, says, outcome: 'unjudged', problem: `${missing} is broken` });
      continue;
    }
    const problem = await firstProblem(spec, options, check);
    rules.push({
      id,
      says,
      outcome: problem ? 'broken' : 'kept',
      ...(problem && { problem, advice }),
    });
  }
  const ok = rules.every(({ outcome }) => outcome === 'kept');
  return { id: spec.id, options: spec.options.parse(options), ok, rules, speed: null };
}

async function firstProblem(
  spec: PathwaySpec,
  options: Readonly<Record<string, unknown>>,
  check: (subject: PathwaySubject) => Promise<string | undefined> | string | undefined,
): Promise<string | undefined> {
  for (const k of LENGTHS) {
    let problem: string | undefined;
    try {
      problem = await check(new PathwaySubject(spec, options, k));
    } catch (error) {
      const { message } = error instanceof Error ? error : { message: String(error) };
      problem = `${message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '')}${placeOf(error)}`;
    }
    if (problem !== undefined) return k === 1 ? problem : `${problem} (told ${k} numbers)`;
  }
  return undefined;
}
