import { Failure } from '../common/errors.ts';
import { parseJson, readText } from '../common/read-file.ts';

/**
 * JSON text that reads back as the same value.
 *
 * @throws TypeError naming the place of the first value that JSON would change: a number that is not
 *   finite, a typed array, a function…
 */
export function stringifyExactly(value: unknown, name: string, indent?: number): string {
  requireJson(value, name);
  return JSON.stringify(value, undefined, indent);
}

function requireJson(value: unknown, place: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) requireJson(value[i], `${place}[${i}]`);
    return;
  }
  if (isPlainObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined) requireJson(member, `${place}.${key}`);
    }
    return;
  }
  const kind = typeof value === 'object' ? `a ${value?.constructor?.name}` : String(value);
  throw new TypeError(`${place} is ${kind}, which JSON cannot hold`);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * The JSON object in a file.
 *
 * @throws Failure naming the file, if it cannot be read or holds something else
 */
export function readJsonObject(path: string): Record<string, unknown> {
  const text = readText(path);
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new Failure(`${path} is damaged: it is not valid JSON (${(error as Error).message})`, {
      cause: error,
    });
  }
  if (!isPlainObject(value)) throw new Failure(`${path} is damaged: it must hold a JSON object`);
  return value;
}
