/**
 * The rules for what a single call of a world returns. The conformance kit, a vector of worlds and a wrapper check them. Each rule
 * relies on those before it.
 */

import type { Env, Observation } from '../contract.ts';

/** A method of a world. */
export type Call = 'reset' | 'step' | 'restore' | 'state' | 'render' | 'position' | 'close';

/** What a call of a world returned, not yet checked. */
export interface CallResult {
  readonly call: Call;
  readonly result: unknown;
  /** The observation passed to it, if any. */
  readonly into?: Observation | undefined;
}

/** A broken rule: its name, what was wrong, and what to change. */
export interface Violation {
  readonly rule: string;
  readonly problem: string;
  readonly advice: string;
}

/** A rule for what some methods return. */
export interface AnswerRule {
  readonly id: string;
  readonly of: readonly Call[];
  /** The rule itself, in a sentence. */
  readonly says: string;
  readonly advice: string;
  /** What breaks the rule; undefined where nothing does. */
  problem(answer: CallResult, spaces: Spaces): string | undefined;
}

export type Spaces = Pick<Env, 'observationSpace' | 'actionSpace'>;

const MOST_DEPTH = 64;
const NAMES = ['pixels', 'instruction'] as const;
const KINDS = { uint8: Uint8Array, float32: Float32Array } as const;

const OBSERVING = ['reset', 'step', 'restore'] as const;
const WITH_INFO = ['reset', 'step'] as const;

const synchronous: AnswerRule = {
  id: 'answers-at-once',
  of: ['reset', 'step', 'restore', 'state', 'render', 'position', 'close'],
  says: 'every method returns its result, not a promise',
  advice: 'make the method synchronous, without async',
  problem({ call, result }) {
    return isUnawaitedPromise(result) ? `${call} returned a promise` : undefined;
  },
};

const complete: AnswerRule = {
  id: 'result-complete',
  of: OBSERVING,
  says: 'reset returns { observation, info }, and step those with reward, terminated and truncated',
  advice: 'return what restart, transition, termination or truncation of timegrid/env make',
  problem({ call, result }) {
    if (!isObject(result)) return `${call} returned ${show(result)}, not a result`;
    if (call === 'restore') return undefined;
    const { observation, info } = result;
    if (!isObject(observation)) return `${call} returned ${show(observation)} as the observation`;
    if (!isObject(info)) return `${call} returned ${show(info)} as info, which must be an object`;
    return undefined;
  },
};

const dtype: AnswerRule = {
  id: 'observation-dtype',
  of: OBSERVING,
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

const shape: AnswerRule = {
  id: 'observation-shape',
  of: OBSERVING,
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

const intoReturned: AnswerRule = {
  id: 'into-returned',
  of: OBSERVING,
  says: 'an observation passed as `into` is written to, and that very object is returned',
  advice: 'write into `into.pixels` and `into.instruction`, and return `into` itself',
  problem({ call, result, into }) {
    if (into === undefined || observationOf(call, result) === into) return undefined;
    return `${call} returned another observation than the one passed as into`;
  },
};

const bounds: AnswerRule = {
  id: 'observation-bounds',
  of: OBSERVING,
  says: 'every element of an observation is a number from low to high of its space',
  advice: 'widen the space, or keep the observation within it',
  problem({ call, result }, { observationSpace }) {
    const seen = observationOf(call, result);
    for (const name of NAMES) {
      const { dtype: type, low, high } = observationSpace[name];
      if (type === 'uint8' && low <= 0 && high >= 255) continue; // a byte is always within bounds
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

const reward: AnswerRule = {
  id: 'reward-finite',
  of: ['step'],
  says: 'a reward is a finite number',
  advice: 'return a number; look for a division by zero or an unset variable',
  problem({ result }) {
    const given = (result as { reward?: unknown }).reward;
    return Number.isFinite(given) ? undefined : `the reward is ${show(given)}`;
  },
};

const flags: AnswerRule = {
  id: 'flags-boolean',
  of: ['step'],
  says: 'terminated and truncated are true or false, and not both true',
  advice:
    'set terminated where the world reached its own end, truncated where it was cut off; or use termination and truncation of timegrid/env',
  problem({ result }) {
    const { terminated, truncated } = result as Record<string, unknown>;
    if (typeof terminated !== 'boolean') return `terminated is ${show(terminated)}`;
    if (typeof truncated !== 'boolean') return `truncated is ${show(truncated)}`;
    return terminated && truncated ? 'terminated and truncated are both true' : undefined;
  },
};

const metrics: AnswerRule = {
  id: 'metrics-last',
  of: WITH_INFO,
  says: "info.metrics are finite numbers by name, on an episode's last result only",
  advice:
    'pass metrics to termination and truncation only, and leave out a figure that is not known',
  problem({ call, result }) {
    const { info, terminated, truncated } = result as Record<string, unknown>;
    const given = (info as { metrics?: unknown }).metrics;
    if (given === undefined) return undefined;
    if (call === 'reset' || !(terminated || truncated)) {
      return `${call} returned metrics although the episode has not ended`;
    }
    if (!isObject(given)) return `info.metrics is ${show(given)}`;
    const wrong = Object.entries(given).find(([, value]) => !Number.isFinite(value));
    return wrong && `the metric ${wrong[0]} is ${show(wrong[1])}`;
  },
};

const stateJson: AnswerRule = {
  id: 'state-json',
  of: ['state'],
  says: 'a state survives being written to JSON and read back',
  advice: 'use numbers, strings, booleans, arrays and plain objects: [...array] for a typed array',
  problem: ({ result }) => jsonProblem(result, 'state()'),
};

const frame: AnswerRule = {
  id: 'render-frame',
  of: ['render'],
  says: 'render returns height × width × 3 uint8 pixels',
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

const position: AnswerRule = {
  id: 'position-within',
  of: ['position'],
  says: 'position returns x and y from 0 to 1, fractions of the picture',
  advice: 'divide by the width and the height of the picture that render returns',
  problem({ result }) {
    if (!isObject(result)) return `position returned ${show(result)}`;
    const wrong = ['x', 'y'].find((axis) => !isFraction(result[axis]));
    return wrong && `position's ${wrong} is ${show(result[wrong])}`;
  },
};

/** Every rule, in the order in which they are checked. */
export const answerRules: readonly AnswerRule[] = [
  synchronous,
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

/** The first rule that a result breaks; null where it breaks none. */
export function findViolation(answer: CallResult, spaces: Spaces): Violation | null {
  for (const { id, of, advice, problem } of answerRules) {
    if (!of.includes(answer.call)) continue;
    const found = problem(answer, spaces);
    if (found !== undefined) return { rule: id, problem: found, advice };
  }
  return null;
}

/** A world has put an array of its own into the observation that it was passed. */
export const REPLACED_ARRAY: Violation = {
  rule: intoReturned.id,
  problem: 'it replaced an array of the observation passed as `into`',
  advice: intoReturned.advice,
};

/**
 * The rule that an error of a world shows to be broken; null where it shows none. A world that replaces the arrays of `into` throws
 * where `into` is frozen.
 */
export function violationOfError(error: unknown): Violation | null {
  const { message = '' } = isObject(error) ? (error as { message?: unknown }) : {};
  return /read only property '(pixels|instruction)'/.test(String(message)) ? REPLACED_ARRAY : null;
}

/**
 * Whether a value is a promise. Nobody waits for it, so its failure is ignored here instead of ending the process.
 */
export function isUnawaitedPromise(value: unknown): boolean {
  if (!isPromise(value)) return false;
  value.then(undefined, () => {});
  return true;
}

/** A broken rule as the end of a sentence. */
export function describeViolation({ rule, problem, advice }: Violation): string {
  return `${problem} (rule ${rule}: ${advice})`;
}

function observationOf(call: Call, result: unknown): Observation {
  return (
    call === 'restore' ? result : (result as { observation: unknown }).observation
  ) as Observation;
}

/** The part of a value that does not survive JSON, if any. */
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

/** Any value, short enough for a sentence. */
export function show(value: unknown): string {
  if (typeof value === 'string')
    return `the string "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (!isObject(value)) return String(value);
  const name = value.constructor?.name;
  return name === undefined || name === 'Object' ? 'an object' : `a value of type ${name}`;
}
