import type { Env, EnvSpec } from './contract.ts';
import { guardClose } from './guard/guarded-calls.ts';
import type { InstructedNumber, OtherNumber } from './number.ts';
import { findSpec, make } from './registry.ts';

type Options = Env['options'];

/** What a world declares: all that is known about it without playing. */
export interface WorldFacts {
  readonly id: string;
  /** The options it was made with, defaults filled in. */
  readonly options: Options;
  readonly observationSpace: Env['observationSpace'];
  /** The names of the actions; an action is a position in this list. */
  readonly actions: readonly string[];
  /** The size of an observation (`instruction` numbers, `channels` for each pixel) and how many actions there are. */
  readonly shape: {
    readonly height: number;
    readonly width: number;
    readonly channels: number;
    readonly instruction: number;
    readonly actions: number;
  };
  /** Absent where the world has no number that can be fixed. */
  readonly number: InstructedNumber | undefined;
  /** Its numbers besides that one. */
  readonly otherNumbers: readonly OtherNumber[];
}

const inspected = new WeakMap<EnvSpec, Map<string, WorldFacts>>();

/**
 * What a world with these options declares. The world is made and closed again, once for each kind and options.
 * @throws what `make` throws, and WorldError where the world cannot be closed
 */
export function inspectWorld(id: string, options: Options = {}): WorldFacts {
  const spec = findSpec(id);
  const known = inspected.get(spec) ?? new Map<string, WorldFacts>();
  inspected.set(spec, known);
  const key = keyOf(options);
  const found = known.get(key);
  if (found !== undefined) return found;
  const facts = withWorld(id, options, factsOf);
  known.set(key, facts);
  // The options that it reports, defaults filled in, stand for the same world.
  const reported = keyOf(facts.options);
  if (keyOf({ ...facts.options, ...options }) === reported) known.set(reported, facts);
  return facts;
}

/**
 * Makes a world, uses it and closes it, whether or not `use` throws.
 * @throws what `make` and `use` throw, and WorldError where the world cannot be closed
 */
export function withWorld<Result>(
  id: string,
  options: Options | undefined,
  use: (world: Env) => Result,
): Result {
  const world = make(id, options);
  let result: Result;
  try {
    result = use(world);
  } catch (error) {
    try {
      guardClose(world);
    } catch {} // what `use` threw came first
    throw error;
  }
  guardClose(world);
  return result;
}

/** What a world declares that is already made. */
export function factsOf(world: Env): WorldFacts {
  const { spec, options, observationSpace, actionSpace, number, otherNumbers = [] } = world;
  const { pixels, instruction } = observationSpace;
  const [height, width, channels] = pixels.shape as [number, number, number];
  const shape = { height, width, channels, instruction: instruction.length };
  return Object.freeze({
    id: spec.id,
    options: Object.freeze({ ...options }),
    observationSpace,
    actions: actionSpace.names,
    shape: Object.freeze({ ...shape, actions: actionSpace.n }),
    number,
    otherNumbers,
  });
}

function keyOf(options: Options): string {
  return JSON.stringify(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));
}
