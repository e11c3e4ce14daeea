import { suggestion } from '../../env/closest.ts';
import type { EnvSpec } from '../../env/contract.ts';
import { UsageError } from '../common/errors.ts';
import type { Reference } from './source.ts';

/**
 * The world that was asked for among a module's exports: the default one unless it was named.
 * @throws UsageError where there is none, or where there are several to choose from
 */
export function chooseSpec(
  given: string,
  { module, name }: Reference,
  exports: Readonly<Record<string, unknown>>,
): EnvSpec {
  // A CommonJS module is its own default export, and what it exports by name.
  const candidates = Object.entries(exports).filter(([key]) => key !== 'module.exports');
  const worlds = new Map(candidates.filter(([, value]) => isSpec(value))) as Map<string, EnvSpec>;
  if (name !== undefined) {
    const chosen = worlds.get(name) ?? [...worlds.values()].find(({ id }) => id === name);
    if (chosen) return chosen;
    if (name in exports) throw new UsageError(noSpec(given, `its export ${name}`, exports[name]));
    throw new UsageError(
      `${given}: there is no world "${name}" in it; ${suggestion(name, namesOf(worlds), 'worlds')}`,
    );
  }
  const chosen = worlds.get('default');
  if (chosen) return chosen;
  if (exports.default !== undefined) {
    throw new UsageError(noSpec(given, 'its default export', exports.default));
  }
  const [only, another] = new Set(worlds.values());
  if (only && !another) return only;
  if (another) {
    const choices = namesOf(worlds).map((one) => `${module}#${one}`);
    throw new UsageError(`${given} exports several worlds: choose ${choices.join(' or ')}`);
  }
  throw new UsageError(
    `${given} exports no world: its default export is to be an EnvSpec, { id, summary, options, resetOptions, create }`,
  );
}

const namesOf = (worlds: ReadonlyMap<string, EnvSpec>): string[] =>
  [...worlds].map(([name, { id }]) => (name === 'default' ? id : name));

const isSpec = (value: unknown): value is EnvSpec => lacking(value) === undefined;

/** The first thing that keeps a value from being an EnvSpec. */
function lacking(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it is no object';
  const spec = value as Record<string, unknown>;
  for (const key of ['id', 'summary']) {
    if (typeof spec[key] !== 'string') return `its ${key} is no text`;
  }
  for (const key of ['options', 'resetOptions']) {
    const schema = spec[key] as { shape?: unknown; safeParse?: unknown } | undefined;
    const isObject = typeof schema?.safeParse === 'function' && typeof schema.shape === 'object';
    if (!isObject) return `its ${key} is no zod object, such as z.strictObject({})`;
  }
  return typeof spec.create === 'function' ? undefined : 'its create is no function';
}

function noSpec(given: string, which: string, value: unknown): string {
  const { spec, step } = Object(value) as Record<string, unknown>;
  const what =
    typeof value === 'function'
      ? 'it is a class or function: export its spec'
      : spec && typeof step === 'function'
        ? 'it is a world: export its spec'
        : lacking(value);
  return `${given}: ${which} is no EnvSpec, { id, summary, options, resetOptions, create }: ${what}`;
}
