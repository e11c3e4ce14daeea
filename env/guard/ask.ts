import type { Env, Observation } from '../contract.ts';
import { EnvError, WorldError } from '../errors.ts';
import {
  type Breach,
  breachOf,
  breachOfError,
  breachText,
  type Call,
  quietened,
  show,
} from './answer-rules.ts';

/** What is asked of a world, and where, for the sentence about what goes wrong. */
export interface Question {
  readonly call: Call;
  /** The observation that it is handed, if any. */
  readonly into?: Observation | undefined;
  /** The step of the episode, from 1; for `step` only. */
  readonly step?: number;
  /** Which of several worlds, as `world 3 of 16`. */
  readonly which?: string | undefined;
}

/**
 * Asks a world, and believes its answer only where it keeps every rule for a single one.
 * @throws WorldError naming the world, the step and the rule, or what the world threw; an OptionError of `reset` passes
 */
export function askWorld<Result>(world: Env, question: Question, ask: () => Result): Result {
  let result: Result;
  try {
    result = ask();
  } catch (error) {
    throw worldErrorOf(world, question, error);
  }
  const breach = breachOf({ ...question, result }, world);
  if (breach !== null) throw brokenRule(world, question, breach);
  return result;
}

/** Makes a world. @throws WorldError where none is made; an OptionError passes */
export function makeGuarded(id: string, make: () => Env): Env {
  let world: unknown;
  try {
    world = make();
  } catch (error) {
    if (error instanceof EnvError) throw error;
    throw new WorldError(`${id} could not be made: ${reasonOf(error)}`, { cause: error });
  }
  if (quietened(world)) throw new WorldError(`${id} could not be made: create returned a promise`);
  if (typeof world === 'object' && world !== null) return world as Env;
  throw new WorldError(`${id} could not be made: create returned ${show(world)}`);
}

/** Closes a world. @throws WorldError where it throws */
export function closeGuarded(world: Env): void {
  askWorld(world, { call: 'close' }, () => world.close());
}

/** A rule that a world broke at work, as an error. */
export function brokenRule(world: Env, question: Question, breach: Breach): WorldError {
  return new WorldError(`${place(world, question)}: ${breachText(breach)}`);
}

/** What a world threw, with the place; whatever says so much of itself already is left as it is. */
export function worldErrorOf(world: Env, question: Question, error: unknown): unknown {
  if (error instanceof WorldError) return error;
  // By name: the class may be that of another copy of this package.
  if (question.call === 'reset' && (error as Error | null)?.name === 'OptionError') return error;
  const breach = breachOfError(error);
  if (breach !== null) return brokenRule(world, question, breach);
  return new WorldError(`${place(world, question)}: ${reasonOf(error)}`, { cause: error });
}

/** The first line of what was thrown. */
export function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : show(error)).split('\n');
  return line.trim() || 'it threw an error without a message';
}

function place(world: Env, { call, step, which }: Question): string {
  const when = call === 'step' ? `at step ${step} of an episode` : `at ${call}`;
  return `${world.spec?.id ?? 'a world'} failed ${when}${which === undefined ? '' : ` (${which})`}`;
}
