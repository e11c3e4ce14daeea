import { printable } from '../../env/printable.ts';

/** A mistake in what the user asked for. The message is one clear sentence, in which control characters are quoted. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}

/**
 * Something outside the program that stops it, such as a full disk or a damaged file. The message is one clear sentence, in which
 * control characters are quoted.
 */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}

/** For each error code of the operating system: what is wrong, and what would be right. */
const explanations: Record<string, string> = {
  EACCES: 'permission is denied; change its permissions or choose another place',
  EPERM: 'the operation is not permitted there; choose another place',
  EROFS: 'the file system is read-only; choose a place that can be written to',
  ENOSPC: 'the disk is full; free some space or choose another disk',
  EDQUOT: 'the disk quota is used up; free some space or choose another disk',
  EFBIG: 'the file would grow beyond the size limit; raise it (ulimit -f) or choose another disk',
  ENOENT: 'it, or a folder above it, does not exist; check the spelling',
  ENOTDIR: 'a part of this path is a file where a folder is needed; choose another path',
  EISDIR: 'it is a folder where a file is needed; choose another path',
  EEXIST: 'it already exists; choose another path or move it away',
  ENOTEMPTY: 'the folder is not empty; choose another path or move its content away',
  EMFILE: 'this process has too many files open; raise the limit (ulimit -n)',
  ENFILE: 'the machine has too many files open; close some programs',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
  ELOOP: 'its symbolic links go round in a circle; fix the links',
  EBUSY: 'another program is using it; close that program',
  EXDEV: 'its parts lie on different disks; choose a place on one disk',
  EPIPE: 'its reader has gone; keep it open until everything is written',
  EBADF: 'it is not open for writing; choose another path',
  EIO: 'the disk reports an error; check its health or choose another disk',
  ESTALE: 'the network folder is no longer mounted; mount it again',
};

/** An error of the operating system. (`NodeJS.ErrnoException` would ask every importer for the types of Node.) */
interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

/** Whether `error` comes from the operating system, as those of `node:fs` do. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/** Whether `error` is the {@link Failure} of an action on a file that does not exist. */
export function saysMissing(error: unknown): boolean {
  return error instanceof Failure && isSystemError(error.cause) && error.cause.code === 'ENOENT';
}

/**
 * One sentence from an error of `node:fs`: what failed, where, why, and what would be right.
 *
 * @param whatWasBeingDone a verb phrase after which the path can stand: `save the checkpoint in`
 */
export function describeSystemError(
  error: unknown,
  whatWasBeingDone: string,
  path: string,
): string {
  const message = error instanceof Error ? error.message : String(error);
  const explanation = isSystemError(error) ? explanations[error.code] : undefined;
  return `cannot ${whatWasBeingDone} ${path}: ${explanation ?? message}`;
}

/**
 * Runs `action`; an error of the operating system becomes a {@link Failure} of one sentence.
 * Any other error passes through unchanged.
 */
export function reportingSystemErrors<Result>(
  whatWasBeingDone: string,
  path: string,
  action: () => Result,
): Result {
  try {
    return action();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(describeSystemError(error, whatWasBeingDone, path), { cause: error });
  }
}
