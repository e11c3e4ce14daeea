import type * as z from 'zod';
import { MOST_TEXT, readText } from '../common/read-file.ts';
import { type CheckedObject, parseChecked, parseObject, parseWhole } from './checked-json.ts';

/**
 * The JSON object in a file.
 *
 * @param most bytes; a larger file is refused
 * @throws Failure naming the file, if it cannot be read or holds something else
 */
export const readJsonObject = (path: string, most: number = MOST_TEXT): Record<string, unknown> =>
  parseObject(readText(path, most), path);

/** A file as `parseChecked` reads its text. @throws Failure as {@link readJsonObject} does */
export const readChecked = (path: string, most: number = MOST_TEXT): CheckedObject =>
  parseChecked(readText(path, most), path);

/** A file as `parseWhole` reads its text. @throws Failure as {@link readJsonObject} and `parseWhole` do */
export const readWhole = <Content>(
  path: string,
  schema: z.ZodType<Content>,
  most: number = MOST_TEXT,
): { readonly content: Content; readonly sha256: string } =>
  parseWhole(readText(path, most), path, schema);
