import type { Env, EnvSpec } from '../contract.ts';
import { reasonOf } from './asking.ts';
import type { Rule } from './rule.ts';
import { foundations, rules } from './rules.ts';
import { measure, type Speed, stepTime } from './speed.ts';
import type { Breach } from './step-rules.ts';
import { Broken, made, Subject, Unjudged } from './trial.ts';

export interface CheckSettings {
  /** Options of the world, where a spec is checked. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Steps that each rule plays; by default as many as take a few seconds in all, from 20 to 200. */
  readonly steps?: number;
  /** Called before each rule is judged. */
  onRule?(id: string): void;
}

/** What became of one rule. */
export interface Finding {
  readonly id: string;
  /** The rule itself, in a sentence. */
  readonly says: string;
  /** `noted` is what a world may do, and a person should know. */
  readonly outcome: 'kept' | 'broken' | 'noted' | 'unjudged';
  /** What is against the rule, and at which step; or why it could not be judged. */
  readonly problem?: string;
  /** What to change. */
  readonly advice?: string;
}

/** What became of all rules in one world. */
export interface Report {
  /** The world's id, as far as it has one. */
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether no rule is broken. */
  readonly ok: boolean;
  readonly rules: readonly Finding[];
  /** Reported and not judged; null where a rule is broken. */
  readonly speed: Speed | null;
}

/** Plays that all rules together come to, about. */
const PLAYS = 80;
const MILLISECONDS = 3_000;
const STEPS = { least: 20, most: 200 };
const LONGEST = { least: 200, most: 20_000 };

/**
 * Judges a kind of world by every rule of the contract. A world that throws, or answers anything at all, breaks a rule; it does
 * not end the check. (One that never answers does: `timegrid check` watches over that.)
 * @param what the spec of the world, or a function that makes a new one, not yet reset
 */
export function checkEnv(what: EnvSpec | (() => Env), settings: CheckSettings = {}): Report {
  const make = typeof what === 'function' ? what : () => what.create(settings.options);
  const perStep = settings.steps === undefined ? stepTime(make) : 0;
  const steps = settings.steps ?? clamp(MILLISECONDS / PLAYS / perStep, STEPS);
  const longest = clamp(MILLISECONDS / 3 / perStep, LONGEST);
  const subject = new Subject(make, steps, longest);
  const broken = new Map<string, Breach>();
  const findings = rules.map((rule) => judge(rule, subject, broken, settings));
  // A rule may show itself broken only after it was passed.
  const final = findings.map((finding) => {
    const { problem, advice } = broken.get(finding.id) ?? {};
    if (problem === undefined || finding.outcome === 'noted') return finding;
    return { ...finding, outcome: 'broken' as const, problem, advice: advice! };
  });
  const ok = broken.size === 0;
  return { ...named(make), ok, rules: final, speed: ok ? measure(make) : null };
}

function judge(
  rule: Rule,
  subject: Subject,
  broken: Map<string, Breach>,
  { onRule }: CheckSettings,
): Finding {
  const { id, says, advice, gentle } = rule;
  const basis = foundations.includes(id) ? [] : foundations;
  const lacking = [...basis, ...(rule.needs ?? [])].find((need) => broken.has(need));
  if (lacking !== undefined) return { id, says, outcome: 'unjudged', problem: because(lacking) };
  onRule?.(id);
  try {
    const problem = rule.check(subject);
    if (problem === undefined) return { id, says, outcome: 'kept' };
    if (gentle) return { id, says, outcome: 'noted', problem, advice };
    broken.set(id, { rule: id, problem, advice });
  } catch (error) {
    if (error instanceof Unjudged) return { id, says, outcome: 'unjudged', problem: error.message };
    const breach =
      error instanceof Broken ? error.breach : { rule: id, problem: reasonOf(error), advice };
    if (!broken.has(breach.rule)) broken.set(breach.rule, breach);
    if (breach.rule !== id) return { id, says, outcome: 'unjudged', problem: because(breach.rule) };
  } finally {
    subject.clear();
  }
  return { id, says, outcome: 'broken' };
}

const because = (id: string): string => `${id} is broken`;

function clamp(value: number, { least, most }: { least: number; most: number }): number {
  return Math.floor(Math.min(most, Math.max(least, value)));
}

function named(make: () => Env): Pick<Report, 'id' | 'options'> {
  try {
    const { spec, options } = made(make);
    return { id: String(spec.id), options: { ...options } };
  } catch {
    return { id: 'a world without a name', options: {} };
  }
}
