import { placeOf } from '../../env/guard/thrown.ts';
import { describeSystemError, isSystemError } from '../common/errors.ts';
import { readText } from '../common/read-file.ts';
import './error-place.ts';
import { withoutTypes } from './modules.ts';

/**
 * One sentence about a module that could not be imported: what is wrong, and in which file and line.
 * @param files what the module is made of, where that is known
 */
export function importProblem(given: string, error: unknown, files: readonly string[]): string {
  if (!(error instanceof Error)) return `${given} throws when it is imported: ${String(error)}`;
  if (isSystemError(error)) return describeSystemError(error, 'read', given);
  const message = shortened(error.message);
  // By name, since an error from the hooks' own thread has lost its class, and perhaps its name to its message.
  if (error.name === 'CompileError') return `${given} does not compile: ${message}`;
  const { code } = error as { code?: string };
  if (code?.startsWith('ERR_') && /^ERR_(MODULE_|PACKAGE_|UNSUPPORTED_|INVALID_)/.test(code)) {
    return `${given} cannot be imported: ${message}`;
  }
  const at = placeOf(error);
  if (error.name !== 'SyntaxError') return `${given} throws when it is imported: ${message}${at}`;
  const missing = /does not provide an export named '(.+)'/.exec(message);
  if (missing) {
    return `${given} cannot be imported: ${message}${at}; if ${missing[1]} is a type, import it with "import type"`;
  }
  return `${given} does not compile: ${syntaxProblem(files) ?? message + at}`;
}

/** Node prints the line of JavaScript that does not compile to the terminal alone, so it is looked for here. */
function syntaxProblem(files: readonly string[]): string | undefined {
  for (const path of files) {
    try {
      withoutTypes(readText(path), path);
    } catch (error) {
      return shortened((error as Error).message);
    }
  }
  return undefined;
}

/** A message in one line, its paths as seen from here. */
function shortened(message: string): string {
  return message
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '')
    .replace(/ imported from \S*(hooks\.js|from-here)$/, '')
    .replaceAll(`${process.cwd()}/`, '');
}
