import * as z from 'zod';
import { OptionError, type OptionsSchema, parseOptions } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import { choice, numberList, seedList } from '../common/parse.ts';
import type { Task, TaskSettings } from './task.ts';

/** The setting `seeds` of a task. @param count from 1 on, by default */
export const seedsSetting = (count: number) =>
  z
    .array(z.int().min(0))
    .min(1)
    .default(Array.from({ length: count }, (_, i) => i + 1))
    .describe('seeds, one for each copy of a model')
    .meta({ takes: 'whole numbers, such as "1..25" or [1, 2, 3]' });

/** A setting that picks some of these names; all of them by default. */
export const namesSetting = (names: readonly string[], what: string, picked = names) =>
  z
    .array(z.enum(names as [string, ...string[]]))
    .min(1)
    .default([...picked])
    .describe(what)
    .meta({ takes: `some of ${names.join(', ')}` });

/**
 * A task's settings, complete.
 * @param where what errors call what was given, such as a file
 * @param given as a file or the command line has it: lists may be texts, such as `"1..25"` or `"relu,tanh"`
 * @param isQuick takes what is not given from the short version
 * @throws UsageError in one sentence
 */
export function settingsOf(
  task: Task,
  given: Readonly<Record<string, unknown>>,
  { isQuick = false, where = `the task ${task.id}` } = {},
): TaskSettings {
  const lists = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, listOf(task.schema, where, key, value)]),
  );
  const short = isQuick ? task.quick : {};
  return parse(where, task.schema, { ...short, ...lists }) as TaskSettings;
}

function parse(where: string, schema: OptionsSchema, given: object): object {
  try {
    return parseOptions(where, schema, given);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}

/** A text for a setting that takes a list, as a list. */
function listOf(schema: OptionsSchema, where: string, key: string, value: unknown): unknown {
  if (!Object.hasOwn(schema.shape, key)) return value;
  const { type, items } = z.toJSONSchema(schema.shape[key] as z.ZodType) as {
    type?: string;
    items?: { type?: string; minimum?: number; enum?: string[] };
  };
  if (type !== 'array') return value;
  const name = `${where}: "${key}"`;
  if (key === 'seeds' && !Array.isArray(value)) return seedList(name)(String(value));
  if (items?.type === 'integer' && !Array.isArray(value)) {
    return numberList(name, { min: items.minimum ?? 0 })(String(value));
  }
  const list = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
  if (!items?.enum || !Array.isArray(list)) return list;
  const texts = list.filter((item) => typeof item === 'string');
  for (const item of texts) choice(name, items.enum)(item);
  return list;
}
