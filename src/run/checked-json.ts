import type * as z from 'zod';
import { sha256 } from '#platform';
import { Failure } from '../common/errors.ts';
import { MOST_DEPTH, parseJson } from '../common/parse-json.ts';

/**
 * JSON text that reads back as the same value.
 *
 * @throws TypeError naming the place of the first value that JSON would change: a number that is not
 *   finite, a typed array, a function…
 */
export function stringifyExactly(value: unknown, name: string): string {
  requireJson(value, name, 1);
  return JSON.stringify(value);
}

function requireJson(value: unknown, place: string, depth: number): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (depth > MOST_DEPTH) throw new TypeError(`${place} is nested more than ${MOST_DEPTH} deep`);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) requireJson(value[i], `${place}[${i}]`, depth + 1);
    return;
  }
  if (isPlainObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined) requireJson(member, `${place}.${key}`, depth + 1);
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
 * The JSON object that a text holds.
 * @param where names the text in error messages, such as the path of its file
 * @throws Failure naming it, if it holds something else
 */
export function parseObject(text: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new Failure(`${where} is damaged: it is not valid JSON (${(error as Error).message})`, {
      cause: error,
    });
  }
  if (!isPlainObject(value)) throw new Failure(`${where} is damaged: it must hold a JSON object`);
  return value;
}

/** An object from a text that holds its own checksum. */
export interface CheckedObject {
  readonly content: Record<string, unknown>;
  /** SHA-256 of the content's compact JSON. */
  readonly sha256: string;
  /** Whether that is what the text says. */
  readonly isWhole: boolean;
}

/**
 * The text of a JSON file with the checksum of all else in it.
 * @param indent spaces, for a file that people read
 * @returns the checksum, too
 * @throws TypeError as {@link stringifyExactly} does
 */
export function stringifyChecked(
  content: object,
  name: string,
  indent?: number,
): { readonly text: string; readonly sha256: string } {
  const compact = stringifyExactly(content, name);
  const sha256 = hashOf(compact);
  const text = indent
    ? JSON.stringify({ ...content, sha256 }, undefined, indent)
    : `{"sha256":"${sha256}",${compact.slice(1)}`;
  return { text: `${text}\n`, sha256 };
}

/** Reads what {@link stringifyChecked} wrote. @throws Failure as {@link parseObject} does */
export function parseChecked(text: string, where: string): CheckedObject {
  const { sha256: stated, ...content } = parseObject(text, where);
  const sha256 = hashOf(JSON.stringify(content));
  return { content, sha256, isWhole: stated === sha256 };
}

/**
 * The same for a text that must be whole.
 * @returns the content, and its checksum
 * @throws Failure as {@link parseObject} does, and for content that is not as it was written or not as the schema has it
 */
export function parseWhole<Content>(
  text: string,
  where: string,
  schema: z.ZodType<Content>,
): { readonly content: Content; readonly sha256: string } {
  const { content, sha256, isWhole } = parseChecked(text, where);
  const { success, data, error } = schema.safeParse(content);
  if (!success) {
    const { path: key, message } = error.issues[0]!;
    throw new Failure(`${where} is damaged: ${key.join('.') || 'it'}: ${message}`);
  }
  if (!isWhole) throw new Failure(`${where} is damaged: its checksum does not match its content`);
  return { content: data, sha256 };
}

/** SHA-256 in hexadecimal. */
export const hashOf = (data: string | Uint8Array): string =>
  Array.from(sha256(data), (byte) => byte.toString(16).padStart(2, '0')).join('');
