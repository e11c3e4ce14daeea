import type { Env, EnvSpec } from '../contract.ts';
import type { Violation } from '../guard/answer-rules.ts';
import { describeThrown } from '../guard/thrown.ts';
import type { Rule } from './rule.ts';
import { foundations, rules } from './rules.ts';
import { measure, type Speed, stepTime } from './speed.ts';
import { Broken, made, Subject, Unjudged } from './trial.ts';

export interface CheckSettings {
  /** Options of the world, where a spec is checked. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Steps that each rule plays; by default as many as take a few seconds in all, from 20 to 200. */
  readonly steps?: number;
  /** Whether to measure the speed too, which plays far longer than any rule; true by default. */
  readonly speed?: boolean;
  /** Called before each rule is judged. */
  onRule?(id: string): void;
}

/** The verdict on one rule. */
export interface Finding {
  readonly id: string;
  /** The rule itself, in a sentence. */
  readonly says: string;
  /** `noted`: allowed, but worth knowing. */
  readonly outcome: 'kept' | 'broken' | 'noted' | 'unjudged';
  /** What breaks the rule, and at which step; or why it could not be judged. */
  readonly problem?: string;
  /** What to change. */
  readonly advice?: string;
}

/** The verdicts on all rules in one world. */
export interface Report {
  /** The world's id, if it has one. */
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether no rule is broken. */
  readonly ok: boolean;
  readonly rules: readonly Finding[];
  /** Reported, not judged; null where a rule is broken or speed is not measured. */
  readonly speed: Speed | null;
}

/** About how many times the rules play a world in all. */
const PLAYS = 80;
const MILLISECONDS = 3_000;
const STEPS = { least: 20, most: 200 };
const LONGEST = { least: 200, most: 20_000 };

/**
 * Judges a kind of world by every rule of the contract. A world that throws, or returns nonsense, breaks a rule and does not end the
 * check. One that never returns blocks it; `timegrid check` reports that.
 * @param what the spec of the world, or a function that makes a new one, not yet reset
 */
export function checkEnv(what: EnvSpec | (() => Env), settings: CheckSettings = {}): Report {
  const make = typeof what === 'function' ? what : () => what.create(settings.options);
  const perStep = settings.steps === undefined ? stepTime(make) : 0;
  const steps = settings.steps ?? clamp(MILLISECONDS / PLAYS / perStep, STEPS);
  const longest = clamp(MILLISECONDS / 3 / perStep, LONGEST);
  const subject = new Subject(make, steps, longest);
  const verdicts: Verdicts = { broken: new Map(), lost: new Map() };
  const findings = rules.map((rule) => judge(rule, subject, verdicts, settings));
  const speed =
    verdicts.broken.size === 0 && settings.speed !== false ? measured(make, verdicts) : null;
  // A rule may turn out to be broken after it was passed.
  const final = findings.map((finding): Finding => {
    const violation = verdicts.broken.get(finding.id);
    if (violation === undefined) return finding;
    return { ...finding, outcome: 'broken', problem: violation.problem, advice: violation.advice };
  });
  const { id, options } = named(make);
  return {
    id: typeof what === 'function' ? id : what.id,
    options,
    ok: verdicts.broken.size === 0,
    rules: final,
    speed,
  };
}

interface Verdicts {
  readonly broken: Map<string, Violation>;
  /** For each rule that is broken or cannot be judged, the broken rule to blame. */
  readonly lost: Map<string, string>;
}

function judge(
  { id, says, advice, gentle, needs = [], check }: Rule,
  subject: Subject,
  { broken, lost }: Verdicts,
  { onRule }: CheckSettings,
): Finding {
  const basis = foundations.includes(id) ? [] : foundations;
  const lacking = [...basis, ...needs].find((need) => lost.has(need));
  if (lacking !== undefined) return unjudged(lost.get(lacking)!);
  onRule?.(id);
  try {
    const problem = check(subject);
    if (problem === undefined) return { id, says, outcome: 'kept' };
    if (gentle) return { id, says, outcome: 'noted', problem, advice };
    return blame({ rule: id, problem, advice });
  } catch (error) {
    if (error instanceof Unjudged) return { id, says, outcome: 'unjudged', problem: error.message };
    if (error instanceof Broken) return blame(error.violation);
    return blame({ rule: id, problem: describeThrown(error), advice });
  } finally {
    subject.clear();
  }

  function blame(violation: Violation): Finding {
    if (!broken.has(violation.rule)) broken.set(violation.rule, violation);
    lost.set(violation.rule, violation.rule);
    return violation.rule === id ? { id, says, outcome: 'broken' } : unjudged(violation.rule);
  }

  function unjudged(culprit: string): Finding {
    lost.set(id, lost.get(id) ?? culprit);
    return { id, says, outcome: 'unjudged', problem: `${culprit} is broken` };
  }
}

/** Its speed; null where the longer play of the measurement breaks a rule. */
function measured(make: () => Env, { broken }: Verdicts): Speed | null {
  try {
    return measure(make);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    broken.set(error.violation.rule, error.violation);
    return null;
  }
}

function clamp(value: number, { least, most }: { least: number; most: number }): number {
  return Math.floor(Math.min(most, Math.max(least, value)));
}

function named(make: () => Env): Pick<Report, 'id' | 'options'> {
  try {
    const world = made(make);
    world.close();
    return { id: String(world.spec.id), options: { ...world.options } };
  } catch {
    return { id: 'a world without a name', options: {} };
  }
}
