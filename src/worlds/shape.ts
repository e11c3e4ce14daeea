import { Box, Discrete, type EnvSpec } from '../../env/index.ts';
import { UsageError } from '../errors.ts';
import { placeIn } from './trouble.ts';

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
  (world as { close(): void }).close();
}

function problemOf(world: unknown, spec: EnvSpec): string | undefined {
  if (world instanceof Promise) return 'it is a promise, and a world is made at once';
  if (typeof world !== 'object' || world === null) return `it is ${world}`;
  const env = world as Record<string, unknown>;
  const lacks = METHODS.find((name) => typeof env[name] !== 'function');
  if (lacks) return `it has no method ${lacks}`;
  if ((env.spec as EnvSpec | undefined)?.id !== spec.id) return 'its spec is not the one exported';
  if (typeof env.options !== 'object') return 'it has no options';
  if (!(env.actionSpace instanceof Discrete)) return 'its actionSpace is no Discrete';
  const { pixels, instruction } = (env.observationSpace ?? {}) as Record<string, unknown>;
  if (!(pixels instanceof Box && instruction instanceof Box)) {
    return 'its observationSpace is not two boxes, pixels and instruction';
  }
  const [height = 0, width = 0, channels, ...more] = pixels.shape;
  const isPicture = height > 0 && width > 0 && channels === 3 && more.length === 0;
  if (!isPicture || pixels.dtype !== 'uint8') {
    return `its pixels are ${pixels.dtype} [${pixels.shape.join(', ')}], not uint8 [height, width, 3]`;
  }
  if (instruction.shape.length !== 1 || instruction.dtype !== 'float32') {
    return `its instruction is ${instruction.dtype} [${instruction.shape.join(', ')}], not float32 [k]`;
  }
  return undefined;
}
