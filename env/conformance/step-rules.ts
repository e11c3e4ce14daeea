/**
 * What every single answer of a world has to be, whoever asks: the conformance kit, a vector of worlds, a wrapper. Each rule looks
 * at one answer and relies on those before it.
 */

import type { Env, Observation } from '../contract.ts';

/** A question to a world and what it returned, not yet believed. */
export interface Answer {
  readonly call: 'reset' | 'step' | 'restore';
  readonly result: unknown;
  /** The observation that it was handed, if any. */
  readonly into?: Observation | undefined;
}

/** A rule that an answer broke: its name, what was wrong, and what to change. */
export interface Breach {
  readonly rule: string;
  readonly problem: string;
  readonly advice: string;
}

/** A rule that holds for every answer. */
export interface StepRule {
  readonly id: string;
  /** The rule itself, in a sentence. */
  readonly says: string;
  readonly advice: string;
  /** What of an answer is against it. */
  problem(answer: Answer, spaces: Spaces): string | undefined;
}

export type Spaces = Pick<Env, 'observationSpace' | 'actionSpace'>;

const NAMES = ['pixels', 'instruction'] as const;
const KINDS = { uint8: Uint8Array, float32: Float32Array } as const;

const atOnce: StepRule = {
  id: 'answers-at-once',
  says: 'reset, step and restore return their result, not a promise of it',
  advice: 'make the method an ordinary one, without async, that has its result when it returns',
  problem({ call, result }) {
    if (!isPromise(result)) return undefined;
    // Nobody waits for it, so that its failure would end the process.
    result.then(undefined, () => {});
    return `${call} returned a promise`;
  },
};

const complete: StepRule = {
  id: 'result-complete',
  says: 'reset returns { observation, info }, and step those with reward, terminated and truncated',
  advice: 'return what restart, transition, termination or truncation of timegrid/env make',
  problem({ call, result }) {
    if (!isObject(result)) return `${call} returned ${show(result)} where a result is due`;
    if (call === 'restore') return undefined;
    const { observation, info } = result;
    if (!isObject(observation)) return `${call} returned ${show(observation)} as the observation`;
    if (!isObject(info)) return `${call} returned ${show(info)} as info, which is an object`;
    return undefined;
  },
};

const intoReturned: StepRule = {
  id: 'into-returned',
  says: 'the observation that is handed in is written to, and that very object is returned',
  advice: 'write into `into.pixels` and `into.instruction`, and return `into` itself',
  problem({ call, result, into }) {
    if (into === undefined || observationOf(call, result) === into) return undefined;
    return `${call} returned another observation than the one that it was handed`;
  },
};

const dtype: StepRule = {
  id: 'observation-dtype',
  says: 'pixels is a Uint8Array and instruction a Float32Array',
  advice: 'allocate the arrays that the spaces name: new Uint8Array(…) and new Float32Array(…)',
  problem({ call, result }, { observationSpace }) {
    const seen = observationOf(call, result);
    const wrong = NAMES.find(
      (name) => !(seen[name] instanceof KINDS[observationSpace[name].dtype]),
    );
    if (wrong === undefined) return undefined;
    return `${wrong} of ${call}'s observation is ${show(seen[wrong])}, not a ${KINDS[observationSpace[wrong].dtype].name}`;
  },
};

const shape: StepRule = {
  id: 'observation-shape',
  says: 'pixels and instruction have as many elements as their spaces',
  advice: 'give arrays of observationSpace.pixels.length and observationSpace.instruction.length',
  problem({ call, result }, { observationSpace }) {
    const seen = observationOf(call, result);
    const wrong = NAMES.find((name) => seen[name].length !== observationSpace[name].length);
    if (wrong === undefined) return undefined;
    const { length, shape: extents } = observationSpace[wrong];
    return `${wrong} of ${call}'s observation has ${seen[wrong].length} elements, not the ${length} of [${extents.join(', ')}]`;
  },
};

const bounds: StepRule = {
  id: 'observation-bounds',
  says: 'every element of an observation is a number from low to high of its space',
  advice: 'widen the space, or keep what is shown and told within it',
  problem({ call, result }, { observationSpace }) {
    const seen = observationOf(call, result);
    for (const name of NAMES) {
      const { dtype: type, low, high } = observationSpace[name];
      if (type === 'uint8' && low <= 0 && high >= 255) continue; // a byte is always within
      // A float32 array cannot hold every bound exactly.
      const [least, most] =
        type === 'float32' ? [Math.fround(low), Math.fround(high)] : [low, high];
      const at = seen[name].findIndex((value) => !(value >= least && value <= most));
      if (at >= 0) {
        return `element ${at} of ${name} is ${seen[name][at]} after ${call}, outside ${low} to ${high}`;
      }
    }
    return undefined;
  },
};

const reward: StepRule = {
  id: 'reward-finite',
  says: 'a reward is a finite number',
  advice: 'return a number; look for a division by zero, or a variable not yet set',
  problem({ call, result }) {
    if (call !== 'step') return undefined;
    const given = (result as { reward?: unknown }).reward;
    return Number.isFinite(given) ? undefined : `the reward is ${show(given)}`;
  },
};

const flags: StepRule = {
  id: 'flags-boolean',
  says: 'terminated and truncated are true or false, and not both true',
  advice:
    'set terminated where the world came to an end of its own, else truncated where it was cut off; termination and truncation of timegrid/env do so',
  problem({ call, result }) {
    if (call !== 'step') return undefined;
    const { terminated, truncated } = result as Record<string, unknown>;
    if (typeof terminated !== 'boolean') return `terminated is ${show(terminated)}`;
    if (typeof truncated !== 'boolean') return `truncated is ${show(truncated)}`;
    return terminated && truncated ? 'terminated and truncated are both true' : undefined;
  },
};

const metrics: StepRule = {
  id: 'metrics-last',
  says: "info.metrics are finite numbers by name, on an episode's last result only",
  advice:
    'hand metrics to termination and truncation only, and leave out a figure that is not known',
  problem({ call, result }) {
    if (call === 'restore') return undefined;
    const { info, terminated, truncated } = result as Record<string, unknown>;
    const given = (info as { metrics?: unknown }).metrics;
    if (given === undefined) return undefined;
    if (call === 'reset' || !(terminated || truncated)) {
      return `${call} gave metrics though the episode goes on`;
    }
    if (!isObject(given)) return `info.metrics is ${show(given)}`;
    const wrong = Object.entries(given).find(([, value]) => !Number.isFinite(value));
    return wrong && `the metric ${wrong[0]} is ${show(wrong[1])}`;
  },
};

/** In the order in which an answer is looked at. */
export const stepRules: readonly StepRule[] = [
  atOnce,
  complete,
  intoReturned,
  dtype,
  shape,
  bounds,
  reward,
  flags,
  metrics,
];

/** The first rule that an answer breaks; null where it keeps them all. */
export function breachOf(answer: Answer, spaces: Spaces): Breach | null {
  for (const { id, advice, problem } of stepRules) {
    const found = problem(answer, spaces);
    if (found !== undefined) return { rule: id, problem: found, advice };
  }
  return null;
}

/**
 * What a world's error says of its rules: null where it says nothing. Freeze the observation that is handed in, and a world that
 * puts arrays of its own into it gives itself away.
 */
export function breachOfError(error: unknown): Breach | null {
  const { message = '' } = isObject(error) ? (error as { message?: unknown }) : {};
  if (!/read only property '(pixels|instruction)'/.test(String(message))) return null;
  const problem = 'it put an array of its own into the observation that it was handed';
  return { rule: intoReturned.id, problem, advice: intoReturned.advice };
}

/** A breach as the end of a sentence. */
export function breachText({ rule, problem, advice }: Breach): string {
  return `${problem} (rule ${rule}: ${advice})`;
}

function observationOf(call: Answer['call'], result: unknown): Observation {
  return (
    call === 'restore' ? result : (result as { observation: unknown }).observation
  ) as Observation;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof value.then === 'function';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A value of any kind, short enough for a sentence. */
export function show(value: unknown): string {
  if (typeof value === 'string')
    return `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (!isObject(value)) return String(value);
  const name = value.constructor?.name;
  return name === undefined || name === 'Object' ? 'an object' : `a value of type ${name}`;
}
