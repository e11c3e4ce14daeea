import type { Observation, ResetResult, StepResult } from '../contract.ts';
import type { JudgedWorld, Subject } from './trial.ts';

export interface Lockstep {
  /** Steps to play; the subject's where left out. */
  readonly steps?: number;
  /** Called before every step, for what should make no difference. */
  readonly before?: (step: number) => void;
}

/** Plays two worlds with the same actions. @returns where they first differ, if they do */
export function difference(
  subject: Subject,
  one: JudgedWorld,
  two: JudgedWorld,
  { steps = subject.steps, before }: Lockstep = {},
): string | undefined {
  const action = subject.actions(one);
  for (let step = 0; step < steps; step++) {
    before?.(step);
    const chosen = action();
    const differs = differing(one.advance(chosen), two.advance(chosen));
    if (differs !== undefined) return `${differs} (${one.place})`;
  }
  return undefined;
}

/** How two results differ; undefined where they do not. */
export function differing(
  one: ResetResult | StepResult,
  two: ResetResult | StepResult,
): string | undefined {
  for (const name of ['reward', 'terminated', 'truncated'] as const) {
    const [a, b] = [one, two].map((result) =>
      name in result ? (result as StepResult)[name] : undefined,
    );
    if (!Object.is(a, b)) return `${name} is ${a} in one and ${b} in the other`;
  }
  const [a, b] = [one, two].map(({ info }) => JSON.stringify(info.metrics));
  if (a !== b) return `the metrics are ${a} in one and ${b} in the other`;
  return unlike(one.observation, two.observation);
}

/** How two observations differ; undefined where they do not. */
export function unlike(one: Observation, two: Observation): string | undefined {
  for (const name of ['pixels', 'instruction'] as const) {
    const [a, b] = [one[name], two[name]];
    for (let i = 0; i < a.length; i++) {
      if (a[i] !== b[i])
        return `element ${i} of ${name} is ${a[i]} in one and ${b[i]} in the other`;
    }
  }
  return undefined;
}

/** A copy that nobody else holds. */
export function copyOf({ pixels, instruction }: Observation): Observation {
  return { pixels: pixels.slice(), instruction: instruction.slice() };
}
