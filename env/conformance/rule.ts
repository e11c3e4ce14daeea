import { isUnawaitedPromise } from '../guard/answer-rules.ts';
import { placeOf } from '../guard/thrown.ts';
import type { Subject } from './trial.ts';

/** One rule of the contract. */
export interface Rule {
  /** Its name, which never changes. */
  readonly id: string;
  /** The rule itself, in a sentence. */
  readonly says: string;
  /** What to change in a world that breaks it. */
  readonly advice: string;
  /** Rules without which it cannot be judged. */
  readonly needs?: readonly string[];
  /** Whether breaking it is only noted. */
  readonly gentle?: boolean;
  /**
   * @returns what breaks the rule, if anything
   * @throws Broken where another rule is broken, Unjudged where this one cannot be judged
   */
  check(subject: Subject): string | undefined;
}

/** What `refuses` says of a call that threw nothing. */
export const ACCEPTED = 'was accepted';

/**
 * What is wrong where a call should throw an error of one of these names; nothing where it does. The class of an error may be that
 * of another copy of this package.
 */
export function refuses(names: readonly string[], call: () => unknown): string | undefined {
  try {
    isUnawaitedPromise(call());
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'a value', message: '' };
    if (names.includes(name)) return undefined;
    return `threw ${name}${message && ` “${message}”`}${placeOf(error)}`;
  }
  return ACCEPTED;
}

export const ENV_ERRORS = ['EnvError', 'OptionError', 'WorldError'] as const;
