import type { Env } from '../contract.ts';
import { OptionError, WorldError } from '../errors.ts';
import {
  type Answer,
  type Breach,
  breachOf,
  breachOfError,
  breachText,
  show,
} from './step-rules.ts';

/** What is asked of a world, and where, for the sentence about what goes wrong. */
export interface Question extends Omit<Answer, 'result'> {
  /** The step of the episode, from 1; for `step` only. */
  readonly step?: number;
  /** Which of several worlds, as `world 3 of 16`. */
  readonly which?: string | undefined;
}

/**
 * Asks a world, and believes its answer only where it keeps every rule for a single one.
 * @throws WorldError naming the world, the step and the rule, or what the world threw; an OptionError of `reset` passes
 */
export function asking<Result>(world: Env, question: Question, ask: () => Result): Result {
  let result: Result;
  try {
    result = ask();
  } catch (error) {
    throw troubleOf(world, question, error);
  }
  const breach = breachOf({ ...question, result }, world);
  if (breach !== null) throw breached(world, question, breach);
  return result;
}

/** A rule that a world broke at work, as an error. */
export function breached(world: Env, question: Question, breach: Breach): WorldError {
  return new WorldError(`${place(world, question)}: ${breachText(breach)}`);
}

/** What a world threw, with the place; whatever says so much of itself already is left as it is. */
export function troubleOf(world: Env, question: Question, error: unknown): unknown {
  if (error instanceof WorldError) return error;
  if (error instanceof OptionError && question.call === 'reset') return error;
  const breach = breachOfError(error);
  if (breach !== null) return breached(world, question, breach);
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
