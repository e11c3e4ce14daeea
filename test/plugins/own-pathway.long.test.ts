import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { inFolder, smallPathway, write } from './files.ts';

test('a run finds its pathway again, also in threads, and says that it has changed', async () => {
  const folder = temporaryFolder();
  write(folder, { 'own.ts': smallPathway('own') });
  const cpu = ['--engine', 'cpu', '--set', 'worlds=4', 'steps=2', 'dense=4', 'lstm=4', 'gain=3'];
  const small = ['--env', 'TimedGrid-3x3-v0', '--frames', '16', '--threads', '2'];
  const train = ['train', '--agent', './own.ts', ...small, ...cpu];
  expect(await inFolder(folder, train)).toMatchObject({ exitCode: 0 });
  const run = 'runs/own-1';
  const { settings } = JSON.parse(fs.readFileSync(join(folder, run, 'run.json'), 'utf8'));
  expect(settings.config).toMatchObject({
    ...{ pathway: 'own', gain: 3 },
    pathwaySource: { given: './own.ts', version: expect.stringMatching(/^sha256:/) },
  });
  const evaluate = ['evaluate', run, '--numbers', '4', '--episodes', '1', '--threads', '2'];
  const elsewhere = temporaryFolder();
  const there = ['evaluate', join(folder, run), ...evaluate.slice(2), '--engine', 'cpu'];
  expect(await inFolder(elsewhere, there)).toMatchObject({ exitCode: 0 });

  write(folder, { 'own.ts': `${smallPathway('own')}// changed\n` });
  const changed = 'own in ./own.ts, or a file that it imports, has changed since runs/own-1 was';
  expect((await inFolder(folder, evaluate)).stderr).toContain(`timegrid: ${changed} trained, and`);
  const again = await inFolder(folder, [...evaluate, '--agent', './own.ts']);
  expect(again.stderr).toContain(`note: ${changed} trained`);
  expect(await inFolder(folder, ['train', '--run', run, '--resume'])).toMatchObject({
    stderr: expect.stringContaining(`${changed} started: restore it, or start another run`),
    exitCode: 2,
  });

  fs.rmSync(join(folder, 'own.ts'));
  const gone = await inFolder(folder, evaluate);
  expect(gone.stderr).toContain(
    'which is gone: say where it is now, such as --agent ./my-pathway.ts',
  );
  write(folder, { 'moved/it.ts': smallPathway('own') });
  const moved = await inFolder(folder, [...evaluate, '--agent', './moved/it.ts']);
  expect(moved.exitCode, moved.stderr).toBe(0);
});
