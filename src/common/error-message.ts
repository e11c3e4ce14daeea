import { describeSystemError, isSystemError } from './errors.ts';

/** What to print about an error, and the exit code of the process. */
export interface ErrorMessage {
  readonly message: string;
  readonly exitCode: 1 | 2;
}

/** Mistakes of the user. Recognised by name, so that the entry point need not load the worlds or the learner. */
const mistakes = new Set([
  'UsageError',
  'OptionError',
  'UnknownEnvError',
  'ConfigError',
  'EngineUnavailable',
]);

/** What failed outside the program: a disk, a world. */
const failures = new Set(['Failure', 'WorldError']);

/** One clear sentence for anything that was thrown; an unexpected error is called a bug. */
export function errorMessage(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return unexpected(String(error));
  if (mistakes.has(error.name)) return { message: error.message, exitCode: 2 };
  if (failures.has(error.name)) return { message: error.message, exitCode: 1 };
  if (isSystemError(error)) {
    const message =
      error.path === undefined
        ? error.message
        : describeSystemError(error, error.syscall ?? 'use', error.path);
    return { message, exitCode: 1 };
  }
  return unexpected(error.message);
}

function unexpected(message: string): ErrorMessage {
  return {
    message: `this is a bug: ${message} (set TIMEGRID_DEBUG=1 to see the stack)`,
    exitCode: 1,
  };
}
