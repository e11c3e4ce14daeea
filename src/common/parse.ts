/**
 * Parsers of command-line values. Each takes the option's name for its errors (`--frames`) and returns a function from text to
 * value, which throws a {@link UsageError} that says what would be right.
 */

import { closestMatch } from '../../env/closest.ts';
import { UsageError } from './errors.ts';
import { parseJson } from './parse-json.ts';

/** Bounds of a number, both included. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Names and values, such as those of `--set learningRate=0.001 worlds=16`. */
export type Settings = Readonly<Record<string, unknown>>;

/** A longer list is probably a typing mistake. */
const MOST_NUMBERS = 10_000;

const exponents: Readonly<Record<string, string>> = { k: 'e3', K: 'e3', M: 'e6' };

/** A whole number: `250`, `2_000_000`, `2e6`, `500k`, `2M`; at least 1 by default. */
export function count(name: string, bounds: Bounds = {}): (text: string) => number {
  const { min = 1, max } = bounds;
  return (text) => {
    const value = readNumber(text);
    if (value !== undefined && Number.isSafeInteger(value) && within(value, { min, max })) {
      return value;
    }
    const example = max === undefined || max >= 2e6 ? ', such as 2000000, 2e6 or 2M' : '';
    throw new UsageError(
      `${name} takes a whole number ${range({ min, max })}${example}, not "${text}"`,
    );
  };
}

/** Distinct whole numbers in ascending order: `8`, `5,8,12`, `5..30`, `5..100:5` (in steps of five), and mixes. */
export function numberList(name: string, bounds: Bounds = {}): (text: string) => number[] {
  const { min = 0, max } = bounds;
  const refuse = (problem: string): never => {
    throw new UsageError(
      `${name} takes whole numbers ${range({ min, max })}, such as 5..30, 5..100:5 or 5,8,12; ${problem}`,
    );
  };
  return (text) => {
    const found = new Set<number>();
    for (const part of text.split(',').map((item) => item.trim())) {
      const match = /^([^.:]+)(?:\.\.([^.:]+)(?::([^.:]+))?)?$/.exec(part);
      if (match === null) return refuse(part === '' ? `"${text}" has a gap` : `not "${part}"`);
      const [first, last, step] = match.slice(1).map((end) => end && (readNumber(end) ?? NaN));
      const from = first as number;
      const to = (last ?? from) as number;
      const by = (step ?? 1) as number;
      for (const value of [from, to, by]) {
        if (!Number.isSafeInteger(value)) return refuse(`not "${part}"`);
      }
      if (by < 1) return refuse(`the step of "${part}" is below 1`);
      if (from > to) return refuse(`"${part}" runs backwards: did you mean "${flipped(part)}"?`);
      if (!within(from, { min, max }) || !within(to, { min, max })) return refuse(`not "${part}"`);
      if ((to - from) / by >= MOST_NUMBERS) return refuse(`"${part}" is more than ${MOST_NUMBERS}`);
      for (let value = from; value <= to; value += by) found.add(value);
    }
    if (found.size > MOST_NUMBERS) return refuse(`"${text}" is more than ${MOST_NUMBERS}`);
    return [...found].sort((a, b) => a - b);
  };
}

/** As `numberList`, but one number above 1 alone is refused: it could mean that seed, or that many seeds. */
export function seedList(name: string, bounds?: Bounds): (text: string) => number[] {
  const parse = numberList(name, bounds);
  return (text) => {
    const seeds = parse(text);
    const alone = readNumber(text);
    if (alone === undefined || alone <= 1) return seeds;
    throw new UsageError(
      `${name} ${text} could mean seed ${alone} or ${alone} seeds: give 1..${alone} for seeds 1 to ${alone}, or ${alone}..${alone} for seed ${alone} alone`,
    );
  };
}

/** One of `choices`, exactly as written there. */
export function choice<Choice extends string>(
  name: string,
  choices: readonly Choice[],
): (text: string) => Choice {
  return (text) => {
    const found = choices.find((known) => known === text);
    if (found !== undefined) return found;
    const closest = closestMatch(text, choices);
    const hint = closest === undefined ? '' : `; did you mean "${closest}"?`;
    throw new UsageError(`${name} takes ${either(choices)}, not "${text}"${hint}`);
  };
}

/**
 * `key=value`; the value is JSON if it parses as JSON, otherwise plain text. Each call adds to the result of the call before, as
 * commander expects of an option that may be repeated; the last value of a key wins.
 */
export function settings(name: string): (text: string, before?: Settings) => Settings {
  return (text, before = {}) => {
    const equals = text.indexOf('=');
    const key = text.slice(0, equals).trim();
    if (equals < 0 || key === '') {
      throw new UsageError(`${name} takes key=value, such as size=7, not "${text}"`);
    }
    return { ...before, [key]: readValue(text.slice(equals + 1)) };
  };
}

function readValue(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function readNumber(text: string): number | undefined {
  const match = /^(-?\d+(?:_\d+)*(?:\.\d+)?)([kKM]|e\+?\d+)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, digits = '', scale = ''] = match;
  return Number(digits.replaceAll('_', '') + (exponents[scale] ?? scale));
}

function within(value: number, { min = -Infinity, max = Infinity }: Bounds): boolean {
  return value >= min && value <= max;
}

function range({ min = 0, max }: Bounds): string {
  return max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
}

function flipped(part: string): string {
  return part.replace(/^(.+)\.\.([^:]+)/, '$2..$1');
}

function either(choices: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(choices);
}
