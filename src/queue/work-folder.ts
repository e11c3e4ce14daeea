import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportingSystemErrors } from '../common/errors.ts';

const NAME = /^timegrid-(?:worker|study)-(\d+)-[A-Za-z0-9]+$/;

/**
 * Makes a folder for runs in progress, and removes those that processes of this user left when they were killed.
 * @param whose a worker's, or that of a study that shows what workers do
 */
export function makeWorkFolder(whose: 'worker' | 'study'): string {
  const above = tmpdir();
  return reportingSystemErrors('create a folder in', above, () => {
    for (const name of fs.readdirSync(above)) {
      const pid = Number(NAME.exec(name)?.[1] ?? 0);
      if (pid > 0 && !isAlive(pid) && isMine(join(above, name))) {
        fs.rmSync(join(above, name), { recursive: true, force: true });
      }
    }
    return fs.mkdtempSync(join(above, `timegrid-${whose}-${process.pid}-`));
  });
}

function isMine(path: string): boolean {
  const stats = fs.lstatSync(path, { throwIfNoEntry: false });
  return (
    stats?.isDirectory() === true &&
    (process.getuid === undefined || stats.uid === process.getuid())
  );
}

/** Whether there is such a process, of whichever user. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
