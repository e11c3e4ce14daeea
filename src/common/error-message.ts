import { describeSystemError, isSystemError } from './errors.ts';

/** What a person is told of an error, and what the process exits with. */
export interface ErrorMessage {
  readonly message: string;
  readonly exitCode: 1 | 2;
}

/** Mistakes in what was asked for. Told by name, so that the entry point need not load the world or the learner. */
const mistakes = new Set([
  'UsageError',
  'OptionError',
  'UnknownEnvError',
  'ConfigError',
  'EngineUnavailable',
]);

/** What came between: a disk, a world. */
const troubles = new Set(['Failure', 'WorldError']);

/** One clear sentence from anything that was thrown; an error that nobody foresaw is called one. */
export function errorMessage(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return unforeseen(String(error));
  if (mistakes.has(error.name)) return { message: error.message, exitCode: 2 };
  if (troubles.has(error.name)) return { message: error.message, exitCode: 1 };
  if (isSystemError(error)) {
    const message =
      error.path === undefined
        ? error.message
        : describeSystemError(error, error.syscall ?? 'use', error.path);
    return { message, exitCode: 1 };
  }
  return unforeseen(error.message);
}

function unforeseen(message: string): ErrorMessage {
  return {
    message: `this is a bug: ${message} (set TIMEGRID_DEBUG=1 to see the stack)`,
    exitCode: 1,
  };
}
