import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inFolder, smallWorld, write } from '../plugins/files.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { savedFrames } from './evidence.ts';
import { Program } from './program.ts';
import { tinyAgent, UPDATE } from './tiny.ts';

const sound = smallWorld('Own-v0');
const step = 'step: (_, into) => ';
/** The world with a step that fails once so many were made. */
const after = (steps: number, failure: string): string =>
  `let steps = 0;\nconst fail = (): never => { ${failure} };\n${sound.replace(step, `${step}++steps > ${steps} ? fail() : `)}`;
const lava = "throw new Error('lava')";

/** Six updates on a thread, with a checkpoint after each. */
const train = [
  ...['train', '--env', './own.ts', '--run', 'run', '--threads', '1'],
  ...['--frames', String(6 * UPDATE), '--checkpoint-every', String(UPDATE)],
  ...tinyAgent.filter((pair) => !pair.startsWith('convolutions')),
];
const resume = ['train', '--run', 'run', '--resume'];
const described = (folder: string) =>
  JSON.parse(fs.readFileSync(join(folder, 'run/run.json'), 'utf8'));

test('a training whose world threw resumes once its file is fixed and --allow-changed-world is given', async () => {
  const folder = temporaryFolder();
  write(folder, { 'own.ts': after(2 * UPDATE, lava) });
  const failed = await inFolder(folder, train);
  expect(failed.stderr).toMatch(
    new RegExp(`: lava \\(own\\.ts:2:.*\\); its checkpoint at frame ${2 * UPDATE} is kept\n$`),
  );
  const before = described(folder).settings.env.source.version;

  // The fixed world cannot restore a state of the former one.
  write(folder, { 'own.ts': sound.replace('state: () => null', "state: () => 'fixed'") });
  const changed = 'Own-v0 in ./own.ts, or a file that it imports, has changed since run was';
  expect(await inFolder(folder, resume)).toMatchObject({
    stderr: `timegrid: ${changed} started: restore it, resume in the changed one (train --run run --resume --allow-changed-world --env ./own.ts), or start another run\n`,
    exitCode: 2,
  });
  const changing = [...resume, '--allow-changed-world', '--env', './own.ts'];
  const allowed = await inFolder(folder, changing);
  expect(allowed).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(`^note: ${changed}`),
  });
  expect(savedFrames(join(folder, 'run'))).toBe(6 * UPDATE);
  const { settings, formerWorlds } = described(folder);
  expect(settings.env.source.version).not.toBe(before);
  expect(formerWorlds).toEqual([{ version: before, frames: 2 * UPDATE }]);
  expect(await inFolder(folder, resume)).toMatchObject({ exitCode: 0 });

  write(folder, { 'own.ts': sound.replace("'stay', 'go'", "'stay', 'go', 'turn'") });
  expect(await inFolder(folder, changing)).toMatchObject({
    stderr: expect.stringContaining(
      'timegrid: run was trained in a Own-v0 whose actions was 2; it is 3 now: put that version of the world back, or start another run\n',
    ),
    exitCode: 2,
  });
  expect(described(folder).formerWorlds).toHaveLength(1);
});

test('a run without a checkpoint resumes in a changed world without being told to', async () => {
  const folder = temporaryFolder();
  for (const command of [train, [...resume, '--env', './own.ts']]) {
    fs.rmSync(join(folder, 'run'), { recursive: true, force: true });
    write(folder, { 'own.ts': after(0, lava) });
    expect((await inFolder(folder, train)).stderr).toContain('it had no checkpoint yet');
    write(folder, { 'own.ts': sound });
    expect(await inFolder(folder, command)).toMatchObject({ exitCode: 0 });
    expect(savedFrames(join(folder, 'run'))).toBe(6 * UPDATE);
  }
});

test('a world that never answers is reported, and two Ctrl-C end its training', async () => {
  const folder = temporaryFolder();
  write(folder, { 'own.ts': after(2 * UPDATE, 'for (;;);') });
  const options = [...train, '--world-timeout', '1'];
  const program = new Program(options, {}, `cd '${folder}' && exec "$@"`);
  const isStuck = () => program.stderr.includes('Own-v0 has not responded for 1 s: ');
  await program.until(() => isStuck() && savedFrames(join(folder, 'run')) === 2 * UPDATE);
  program.process.kill('SIGINT');
  await program.until(() => program.stderr.includes('press Ctrl-C again to end at once'));
  expect(await program.signal('SIGINT')).toMatchObject({ signal: 'SIGINT' });
  expect(savedFrames(join(folder, 'run'))).toBe(2 * UPDATE);
});
