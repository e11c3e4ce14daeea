import type { Env, EnvSpec } from '../../env/contract.ts';
import { closeGuarded } from '../../env/guard/ask.ts';
import { spacesProblem } from '../../env/guard/space-rules.ts';
import { UsageError } from '../common/errors.ts';
import { placeIn } from './import-error.ts';

const METHODS = ['reset', 'step', 'render', 'close', 'state', 'restore'] as const;

/**
 * Makes a world with its default options, and looks at it from outside: how it behaves is for the conformance kit to say.
 * @param files where its author may look for what it throws
 * @throws UsageError for what `create` throws, and for what is no Env
 */
export function requireEnv(given: string, spec: EnvSpec, files: readonly string[]): void {
  let world: unknown;
  try {
    world = spec.create();
  } catch (error) {
    if ((error as Error | undefined)?.name === 'OptionError') return; // some options have no default
    const { message } = error instanceof Error ? error : { message: String(error) };
    const place = error instanceof Error ? placeIn(error, files) : undefined;
    throw new UsageError(
      `${given}: creating a ${spec.id} throws: ${message}${place ? ` (${place})` : ''}`,
      { cause: error },
    );
  }
  const problem = problemOf(world, spec);
  if (problem !== undefined) {
    throw new UsageError(`${given}: what ${spec.id} creates is no Env: ${problem}`);
  }
  try {
    closeGuarded(world as Env);
  } catch {} // for whoever closes it to say: `check` has a rule for it
}

function problemOf(world: unknown, spec: EnvSpec): string | undefined {
  if (world instanceof Promise) return 'it is a promise, and a world is made at once';
  if (typeof world !== 'object' || world === null) return `it is ${world}`;
  const env = world as Partial<Env>;
  const lacks = METHODS.find((name) => typeof env[name] !== 'function');
  if (lacks) return `it has no method ${lacks}`;
  if (env.spec?.id !== spec.id) {
    return `its own spec has the id ${env.spec?.id}: let create make worlds whose spec is the one exported, as wrapSpec does`;
  }
  if (typeof env.options !== 'object') return 'it has no options';
  return spacesProblem(env);
}
