import * as z from 'zod';
import { suggestion } from './closest.ts';
import { OptionError } from './errors.ts';

/** Options as a strict zod object. Each field has a description and, unless it is optional, a default. */
export type OptionsSchema = z.ZodObject;

/** One option, as help texts show it. */
export interface OptionDescription {
  readonly name: string;
  readonly description: string;
  /** The values that it takes, such as `a whole number from 2 to 64`. */
  readonly takes: string;
  /** Absent where the option is optional. */
  readonly default?: unknown;
}

/**
 * Checks options and fills in the defaults.
 * @param world the id of the world, named in the message
 * @throws OptionError that names the world, the option, the value given and what would be right
 */
export function parseOptions<S extends OptionsSchema>(
  world: string,
  schema: S,
  given: unknown = {},
): z.infer<S> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new OptionError(sentence(world, schema, given, result.error.issues));
}

/** The options that a schema declares, in its order. */
export function describeOptions(schema: OptionsSchema): OptionDescription[] {
  return Object.keys(schema.shape).map((name) => describeOption(schema, name));
}

function describeOption(schema: OptionsSchema, name: string): OptionDescription {
  const json = z.toJSONSchema(schema.shape[name] as z.ZodType) as JsonSchema;
  const { description = '' } = json;
  return {
    name,
    description,
    takes: takes(json),
    ...('default' in json && { default: json.default }),
  };
}

function sentence(
  world: string,
  schema: OptionsSchema,
  given: unknown,
  issues: readonly z.core.$ZodIssue[],
) {
  // A mistyped name may leave a required option missing.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const names = Object.keys(schema.shape);
  if (issue.code === 'custom') return `${world}: ${issue.message}`;
  if (issue.path.length === 0) {
    if (issue.code !== 'unrecognized_keys') {
      return `the options of ${world} must be an object of names and values, not ${show(given)}`;
    }
    const unknown = issue.keys[0]!;
    return `${world} has no option "${unknown}"; ${suggestion(unknown, names, 'options')}`;
  }
  const name = String(issue.path[0]);
  const option = describeOption(schema, name);
  const value = (given as Record<string, unknown>)[name];
  const problem =
    value === undefined
      ? `is missing: it takes ${option.takes}`
      : `takes ${option.takes}, not ${show(value)}`;
  return `${world}: option "${name}" (${option.description}) ${problem}`;
}

type JsonSchema = {
  type?: string;
  enum?: unknown[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  description?: string;
  default?: unknown;
  takes?: string;
};

/** What values a field takes: as `.meta({ takes })` says, otherwise from the bounds of a number or the choices. */
function takes(json: JsonSchema): string {
  if (json.takes !== undefined) return json.takes;
  if (json.enum !== undefined) return `one of ${json.enum.map(show).join(', ')}`;
  if (json.type === 'integer' || json.type === 'number') {
    const kind = json.type === 'integer' ? 'a whole number' : 'a number';
    const { minimum, exclusiveMinimum, maximum = Number.MAX_SAFE_INTEGER } = json;
    const upTo = maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
    if (exclusiveMinimum !== undefined) {
      return `${kind} above ${exclusiveMinimum}${upTo === undefined ? '' : ` and up to ${upTo}`}`;
    }
    const from = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum;
    if (from !== undefined && upTo !== undefined) return `${kind} from ${from} to ${upTo}`;
    if (from !== undefined) return `${kind} of at least ${from}`;
    return upTo === undefined ? kind : `${kind} of at most ${upTo}`;
  }
  return json.type === 'boolean' ? 'true or false' : `a value of type ${json.type ?? 'any'}`;
}

function show(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value);
  return JSON.stringify(value) ?? String(value);
}
