import type { PluginSource } from './plugin-source.ts';

/** A kind of thing that a user's own module can export. */
export interface PluginKind<Spec extends { readonly id: string }> {
  readonly noun: 'world' | 'pathway' | 'cell';
  /** The option of the command line that names one. */
  readonly flag: '--env' | '--agent' | '--cell';
  /** What a module should export, for error messages. */
  readonly contract: string;
  /** Those that are registered. */
  specs(): readonly Spec[];
  /** @throws an error that names the closest id */
  find(id: string): Spec;
  /** @throws for an id that is malformed or taken */
  register(spec: Spec): void;
  /** The first thing that keeps a value from being a spec; undefined for a spec. */
  problemOf(value: unknown): string | undefined;
  /**
   * Makes one with its default options and looks at it from outside; how it behaves is for `timegrid check` to say.
   * @returns the first thing that is wrong with it
   */
  inspect(spec: Spec): string | undefined;
}

/** What keeps an object from having these properties: texts, objects of zod, and functions. */
export function propertyProblem(
  value: unknown,
  texts: readonly string[],
  schemas: readonly string[],
  functions: readonly string[],
): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it must be an object';
  const spec = value as Record<string, unknown>;
  const wrong = texts.find((key) => typeof spec[key] !== 'string');
  if (wrong !== undefined) return `its ${wrong} must be a string`;
  for (const key of schemas) {
    const schema = spec[key] as { shape?: unknown; safeParse?: unknown } | undefined;
    const isObject = typeof schema?.safeParse === 'function' && typeof schema.shape === 'object';
    if (!isObject) return `its ${key} must be a zod object, such as z.strictObject({})`;
  }
  const other = functions.find((key) => typeof spec[key] !== 'function');
  return other && `its ${other} must be a function`;
}

/** A world, a pathway or a cell, registered, and where it came from. */
export interface LoadedPlugin<Spec> {
  readonly spec: Spec;
  /** Absent where it comes with this package, or a program has registered it. */
  readonly source?: PluginSource | undefined;
}

/** Where the specs came from that this thread has loaded. */
export const sources = new WeakMap<object, PluginSource>();
