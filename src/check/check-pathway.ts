import type { PathwaySpec } from '../../agent/pathways/pathway.ts';
import type { Report } from '../../env/conformance/index.ts';
import { judge } from './judge.ts';
import { pathwayRules } from './pathway-rules.ts';
import { PathwaySubject } from './pathway-subject.ts';

/** Lengths of the instruction that a pathway is judged with. */
const LENGTHS = [1, 0, 2];

/**
 * Judges a pathway by every rule, in worlds that tell one number, none and two.
 * @param options of its own; the rest have their defaults
 * @param onRule is called before each rule is judged
 */
export async function checkPathway(
  spec: PathwaySpec,
  options: Readonly<Record<string, unknown>> = {},
  onRule: (id: string) => void = () => {},
): Promise<Report> {
  const trials = LENGTHS.map((k) => ({
    make: () => new PathwaySubject(spec, options, k),
    where: k === 1 ? '' : ` (told ${k} numbers)`,
  }));
  const rules = await judge(pathwayRules, trials, onRule);
  const ok = rules.every(({ outcome }) => outcome === 'kept');
  return { id: spec.id, options: spec.options.parse(options), ok, rules, speed: null };
}
