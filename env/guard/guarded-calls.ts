import type { Env, Observation } from '../contract.ts';
import { EnvError, WorldError } from '../errors.ts';
import {
  type Call,
  describeViolation,
  findViolation,
  isUnawaitedPromise,
  show,
  type Violation,
  violationOfError,
} from './answer-rules.ts';
import { describeThrown } from './thrown.ts';

/** Where a world is called: what an error says about its place. */
export interface CallSite {
  readonly call: Call;
  /** The observation passed to it, if any. */
  readonly into?: Observation | undefined;
  /** The step of the episode, from 1; for `step` only. */
  readonly step?: number;
  /** Which of several worlds, as `world 3 of 16`. */
  readonly which?: string | undefined;
}

/**
 * Calls a world and checks its result against every rule for single calls.
 * @throws WorldError naming the world, the step and the broken rule or what the world threw; an OptionError of `reset` as it is
 */
export function guardCall<Result>(world: Env, site: CallSite, call: () => Result): Result {
  let result: Result;
  try {
    result = call();
  } catch (error) {
    throw worldError(world, site, error);
  }
  const violation = findViolation({ ...site, result }, world);
  if (violation !== null) throw violationError(world, site, violation);
  return result;
}

/** Makes a world. @throws WorldError where `make` fails or returns no world; an EnvError of `make` as it is */
export function guardMake(id: string, make: () => Env): Env {
  let world: unknown;
  try {
    world = make();
  } catch (error) {
    if (error instanceof EnvError) throw error;
    throw new WorldError(`${id} could not be made: ${describeThrown(error)}`, { cause: error });
  }
  if (isUnawaitedPromise(world))
    throw new WorldError(`${id} could not be made: create returned a promise`);
  if (typeof world === 'object' && world !== null) return world as Env;
  throw new WorldError(`${id} could not be made: create returned ${show(world)}`);
}

/** Closes a world. @throws WorldError where it throws */
export function guardClose(world: Env): void {
  guardCall(world, { call: 'close' }, () => world.close());
}

/** The error for a rule that a world broke. */
export function violationError(world: Env, site: CallSite, violation: Violation): WorldError {
  return new WorldError(`${place(world, site)}: ${describeViolation(violation)}`);
}

/** The error for what a world threw. One that already names its place is left as it is. */
export function worldError(world: Env, site: CallSite, error: unknown): unknown {
  if (error instanceof WorldError) return error;
  // By name, since the class may come from another copy of this package.
  if (site.call === 'reset' && (error as Error | null)?.name === 'OptionError') return error;
  const violation = violationOfError(error);
  if (violation !== null) return violationError(world, site, violation);
  return new WorldError(`${place(world, site)}: ${describeThrown(error)}`, { cause: error });
}

function place(world: Env, { call, step, which }: CallSite): string {
  const when = call === 'step' ? `at step ${step} of an episode` : `at ${call}`;
  return `${world.spec?.id ?? 'a world'} failed ${when}${which === undefined ? '' : ` (${which})`}`;
}
