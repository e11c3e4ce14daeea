import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createRun } from '../../src/run/training-run.ts';
import { temporaryFolder } from './temporary.ts';

const script = fileURLToPath(new URL('./fill-up.js', import.meta.url));

/** Runs `fill-up.js` from a shell that first does `preparation`. */
function fillUp(folder: string, preparation: string, ...wrapper: string[]) {
  const [command, ...rest] = [
    ...wrapper,
    'sh',
    '-c',
    `${preparation} && exec "$0" "$1" "$2"`,
    process.execPath,
    script,
    folder,
  ];
  return JSON.parse(execFileSync(command!, rest, { encoding: 'utf8' }));
}

function expectNothingLost(outcome: ReturnType<typeof fillUp>): void {
  expect(outcome.name).toBe('Failure');
  expect(outcome.saved).toBeGreaterThan(0);
  expect(outcome).toMatchObject({ frames: outcome.saved, isWhole: true });
  expect(outcome.leftovers).toBeLessThanOrEqual(2);
  expect(outcome.afterwards).toBe(outcome.saved + 1);
}

/** Runs a command that may mount a file system of its own, seen by nobody else. */
const alone = ['unshare', '--user', '--map-root-user', '--mount'];
const canMount = (folder: string) =>
  spawnSync(alone[0]!, [...alone.slice(1), 'mount', '-t', 'tmpfs', 'none', folder]).status === 0;

test('on a full disk, the checkpoints before stay whole, and saving works again later', (context) => {
  const folder = temporaryFolder();
  context.skip(!canMount(folder), 'this system mounts no file system of its own');
  const outcome = fillUp(folder, 'mount -t tmpfs -o size=200k none "$2"', ...alone);
  expectNothingLost(outcome);
  expect(outcome.message).toMatch(/^cannot save the checkpoint .*: the disk is full; free some/);
});

test('beyond the limit of a file’s size, the checkpoints before stay whole', () => {
  const outcome = fillUp(temporaryFolder(), 'ulimit -f 64');
  expectNothingLost(outcome);
  expect(outcome.message).toMatch(/^cannot save the checkpoint .*: the file would grow beyond/);
});

test('a log on a full disk is one sentence', () => {
  const path = `${temporaryFolder()}/run`;
  const run = createRun(path, {});
  vi.spyOn(fs, 'writeFileSync').mockImplementation(() => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
  });
  onTestFinished(() => void vi.restoreAllMocks());
  expect(() => run.metrics.append({ frames: 1 })).toThrow(
    `cannot write to ${path}/metrics.jsonl: the disk is full; free some space`,
  );
  run.close();
});

test('a folder that cannot be written is one sentence, and nothing is left in it', () => {
  const folder = temporaryFolder();
  fs.chmodSync(folder, 0o555);
  const program = `
    import { createRun } from '${new URL('../../dist/src/run/training-run.js', import.meta.url)}';
    if (process.geteuid() === 0) process.seteuid(65534);
    try { createRun('${folder}/run', {}); } catch (error) { console.log(error.name + ': ' + error.message); }`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(output.trim()).toBe(
    `Failure: cannot create the folder ${folder}/run: permission is denied; ` +
      'change its permissions or choose another place',
  );
  expect(fs.readdirSync(folder)).toEqual([]);
});
