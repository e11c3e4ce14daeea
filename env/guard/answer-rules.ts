/**
 * What every single answer of a world has to be, whoever asks: the conformance kit, a vector of worlds, a wrapper. Each rule looks
 * at one answer and relies on those before it.
 */

import type { Env, Observation } from '../contract.ts';

/** What is asked of a world. */
export type Call = 'reset' | 'step' | 'restore' | 'state' | 'render' | 'position' | 'close';

/** A question to a world and what it returned, not yet believed. */
export interface Answer {
  readonly call: Call;
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

/** A rule that holds for every answer to some questions. */
export interface StepRule {
  readonly id: string;
  readonly of: readonly Call[];
  /** The rule itself, in a sentence. */
  readonly says: string;
  readonly advice: string;
  /** What of an answer is against it. */
  problem(answer: Answer, spaces: Spaces): string | undefined;
}

export type Spaces = Pick<Env, 'observationSpace' | 'actionSpace'>;

const MOST_DEPTH = 64;
const NAMES = ['pixels', 'instruction'] as const;
const KINDS = { uint8: Uint8Array, float32: Float32Array } as const;

const SEEING = ['reset', 'step', 'restore'] as const;
const TELLING = ['reset', 'step'] as const;

const atOnce: StepRule = {
  id: 'answers-at-once',
  of: ['reset', 'step', 'restore', 'state', 'render', 'position', 'close'],
  says: 'every method returns its result, not a promise of it',
  advice: 'make the method an ordinary one, without async, that has its result when it returns',
  problem({ call, result }) {
    return quietened(result) ? `${call} returned a promise` : undefined;
  },
};

const complete: StepRule = {
  id: 'result-complete',
  of: SEEING,
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

const dtype: StepRule = {
  id: 'observation-dtype',
  of: SEEING,
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
  of: SEEING,
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

const intoReturned: StepRule = {
  id: 'into-returned',
  of: SEEING,
  says: 'the observation that is handed in is written to, and that very object is returned',
  advice: 'write into `into.pixels` and `into.instruction`, and return `into` itself',
  problem({ call, result, into }) {
    if (into === undefined || observationOf(call, result) === into) return undefined;
    return `${call} returned another observation than the one that it was handed`;
  },
};

const bounds: StepRule = {
  id: 'observation-bounds',
  of: SEEING,
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
  of: ['step'],
  says: 'a reward is a finite number',
  advice: 'return a number; look for a division by zero, or a variable not yet set',
  problem({ result }) {
    const given = (result as { reward?: unknown }).reward;
    return Number.isFinite(given) ? undefined : `the reward is ${show(given)}`;
  },
};

const flags: StepRule = {
  id: 'flags-boolean',
  of: ['step'],
  says: 'terminated and truncated are true or false, and not both true',
  advice:
    'set terminated where the world came to an end of its own, else truncated where it was cut off; termination and truncation of timegrid/env do so',
  problem({ result }) {
    const { terminated, truncated } = result as Record<string, unknown>;
    if (typeof terminated !== 'boolean') return `terminated is ${show(terminated)}`;
    if (typeof truncated !== 'boolean') return `truncated is ${show(truncated)}`;
    return terminated && truncated ? 'terminated and truncated are both true' : undefined;
  },
};

const metrics: StepRule = {
  id: 'metrics-last',
  of: TELLING,
  says: "info.metrics are finite numbers by name, on an episode's last result only",
  advice:
    'hand metrics to termination and truncation only, and leave out a figure that is not known',
  problem({ call, result }) {
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

const stateJson: StepRule = {
  id: 'state-json',
  of: ['state'],
  says: 'a state survives being written as JSON and read again',
  advice: 'give numbers, texts, booleans, arrays and plain objects: [...array] for a typed array',
  problem: ({ result }) => jsonProblem(result, 'state()'),
};

const frame: StepRule = {
  id: 'render-frame',
  of: ['render'],
  says: 'render gives uint8 pixels, height × width × 3 of them',
  advice: 'return { pixels, height, width } with pixels a Uint8Array of height × width × 3',
  problem({ result }) {
    if (!isObject(result)) return `render returned ${show(result)}`;
    const { pixels, height, width } = result;
    if (!(pixels instanceof Uint8Array)) return `render's pixels are ${show(pixels)}`;
    const whole = [height, width].every((side) => Number.isInteger(side) && (side as number) > 0);
    if (!whole) return `render's picture is ${show(height)} high and ${show(width)} wide`;
    const right = (height as number) * (width as number) * 3;
    if (pixels.length === right) return undefined;
    return `render's pixels are ${pixels.length}, not the ${right} of ${height} × ${width} × 3`;
  },
};

const position: StepRule = {
  id: 'position-within',
  of: ['position'],
  says: 'position gives x and y from 0 to 1, fractions of the picture',
  advice: 'divide by the width and the height of the picture that render gives',
  problem({ result }) {
    if (!isObject(result)) return `position returned ${show(result)}`;
    const wrong = ['x', 'y'].find((axis) => !isFraction(result[axis]));
    return wrong && `position's ${wrong} is ${show(result[wrong])}`;
  },
};

/** In the order in which an answer is looked at. */
export const stepRules: readonly StepRule[] = [
  atOnce,
  complete,
  dtype,
  shape,
  intoReturned,
  bounds,
  reward,
  flags,
  metrics,
  stateJson,
  frame,
  position,
];

/** The first rule that an answer breaks; null where it keeps them all. */
export function breachOf(answer: Answer, spaces: Spaces): Breach | null {
  for (const { id, of, advice, problem } of stepRules) {
    if (!of.includes(answer.call)) continue;
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

/**
 * Whether a value is a promise, which nobody waits for: its failure would end the process, and now does not.
 */
export function quietened(value: unknown): boolean {
  if (!isPromise(value)) return false;
  value.then(undefined, () => {});
  return true;
}

/** A breach as the end of a sentence. */
export function breachText({ rule, problem, advice }: Breach): string {
  return `${problem} (rule ${rule}: ${advice})`;
}

function observationOf(call: Call, result: unknown): Observation {
  return (
    call === 'restore' ? result : (result as { observation: unknown }).observation
  ) as Observation;
}

/** What of a value does not survive JSON, and where. */
function jsonProblem(value: unknown, path: string, depth = 0): string | undefined {
  if (depth > MOST_DEPTH) return `${path} is nested more than ${MOST_DEPTH} deep, or in a circle`;
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return undefined;
  const isPlain = isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
  if (!Array.isArray(value) && !isPlain) return `${path} is ${show(value)}`;
  for (const [name, part] of Object.entries(value)) {
    const found = jsonProblem(
      part,
      Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`,
      depth + 1,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function isFraction(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
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
