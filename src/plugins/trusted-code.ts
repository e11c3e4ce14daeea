import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { isAbsolute, join } from 'node:path';
import { reportingSystemErrors } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { readText } from '../common/read-file.ts';
import { temporaryBeside } from '../common/replace-file.ts';

/** Code that this user has run for a run or a study. */
export interface TrustedCode {
  /** The run's id, or the study's file. */
  readonly for: string;
  /** The file or the package's folder, absolute, without symbolic links. */
  readonly path: string;
  /** Its fingerprint. */
  readonly version: string;
}

/** Records that are kept; beyond them the oldest go. */
const MOST_RECORDS = 1_000;
const MOST_BYTES = 16_384;

/** Where the records are: with the user, never with a run, which others may have written. */
function recordsFolder(): string {
  const { XDG_STATE_HOME: state = '', LOCALAPPDATA: local = '' } = process.env;
  const given = process.platform === 'win32' ? local : state;
  const above = isAbsolute(given) ? given : join(os.homedir(), '.local', 'state');
  return join(above, 'timegrid', 'trusted-code');
}

/** One file for each, named after what it says, so that trainings that record at once do not disturb each other. */
function recordOf(code: TrustedCode): string {
  const name = createHash('sha256').update(textOf(code)).digest('hex');
  return join(recordsFolder(), `${name}.json`);
}

const textOf = ({ for: who, path, version }: TrustedCode): string =>
  `${JSON.stringify({ for: who, path, version })}\n`;

/** Whether exactly this code is recorded, in a file that only this user can have written. */
export function isTrusted(code: TrustedCode): boolean {
  try {
    const path = recordOf(code);
    const file = fs.lstatSync(path);
    const isMine =
      process.getuid === undefined || (file.uid === process.getuid() && !(file.mode & 0o022));
    return isMine && file.isFile() && readText(path, MOST_BYTES) === textOf(code);
  } catch {
    return false;
  }
}

/** Records that this user has run it. @throws Failure where the records cannot be written */
export function recordTrust(code: TrustedCode): void {
  const folder = recordsFolder();
  const path = recordOf(code);
  makeFolder(folder);
  reportingSystemErrors('record trusted code in', folder, () => {
    fs.chmodSync(folder, 0o700);
    const temporary = temporaryBeside(path);
    fs.rmSync(temporary, { force: true });
    fs.writeFileSync(temporary, textOf(code), { mode: 0o600, flag: 'wx', flush: true });
    fs.renameSync(temporary, path);
    removeOldest(folder);
  });
}

function removeOldest(folder: string): void {
  const names = fs.readdirSync(folder);
  if (names.length <= MOST_RECORDS) return;
  const ages = names.map((name) => {
    const path = join(folder, name);
    return { path, since: fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  ages.sort((a, b) => a.since - b.since);
  for (const { path } of ages.slice(0, names.length - MOST_RECORDS)) {
    fs.rmSync(path, { force: true });
  }
}
