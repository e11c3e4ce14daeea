import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { tinyAgent } from '../train/tiny.ts';
import { inFolder, smallWorld, write } from './files.ts';

const agent = tinyAgent.filter((pair) => !pair.startsWith('convolutions'));
const train = ['train', '--frames', '320', '--threads', '2', ...agent];
const shown = ['export', 'run', '--onnx', 'step.onnx', '--overwrite'];

test('a run finds its file again, says that it has changed, and asks where it is', async () => {
  const folder = temporaryFolder();
  const text = smallWorld('Own-v0');
  write(folder, { 'own.ts': text });
  expect(await inFolder(folder, [...train, '--env', './own.ts', '--run', 'run'])).toMatchObject({
    exitCode: 0,
  });
  const { settings } = JSON.parse(fs.readFileSync(join(folder, 'run/run.json'), 'utf8'));
  expect(settings.env.source).toEqual({
    given: './own.ts',
    from: fs.realpathSync(folder),
    version: expect.stringMatching(/^sha256:/),
  });
  const elsewhere = temporaryFolder();
  const there = await inFolder(elsewhere, ['export', join(folder, 'run'), '--onnx', 'step.onnx']);
  expect(there).toMatchObject({ stderr: '', exitCode: 0 });
  const resume = ['train', '--run', 'run', '--resume'];
  expect(await inFolder(folder, resume)).toMatchObject({ exitCode: 0 });

  write(folder, { 'own.ts': `${text}// changed\n` });
  const changed = 'Own-v0 in ./own.ts, or a file that it imports, has changed since run was';
  expect(await inFolder(folder, shown)).toMatchObject({
    stderr: expect.stringMatching(`^timegrid: ${changed} trained, and is now .*--env own.ts`),
    exitCode: 2,
  });
  expect(await inFolder(folder, [...shown, '--env', './own.ts'])).toMatchObject({
    stderr: `note: ${changed} trained\n`,
    exitCode: 0,
  });
  const refused = await inFolder(folder, resume);
  expect(refused.stderr).toContain(
    `timegrid: ${changed} started: restore it, resume in the changed one`,
  );
  expect(refused.exitCode).toBe(2);

  fs.rmSync(join(folder, 'own.ts'));
  const gone = await inFolder(folder, shown);
  expect(gone).toMatchObject({
    stderr: `timegrid: run was trained with Own-v0 from ${join(fs.realpathSync(folder), 'own.ts')}, which is gone: say where it is now, such as --env ./my-world.ts\n`,
    exitCode: 2,
  });

  write(folder, { 'moved/it.ts': text, 'other.ts': smallWorld('Other-v0') });
  const moved = ['--env', 'moved/it.ts'];
  expect(await inFolder(folder, [...shown, ...moved])).toMatchObject({ stderr: '', exitCode: 0 });
  expect(await inFolder(folder, [...resume, ...moved])).toMatchObject({ exitCode: 0 });
  const other = await inFolder(folder, [...shown, '--env', 'other.ts']);
  expect(other).toMatchObject({
    stderr:
      'timegrid: run was trained with Own-v0, but other.ts is Other-v0: name the file or the package of Own-v0 with --env\n',
    exitCode: 2,
  });
  const shipped = await inFolder(folder, [...shown, '--env', 'TimedGrid-v0']);
  expect(shipped.stderr).toContain('run was trained with Own-v0, not TimedGrid-v0: name the file');
});

test('a run finds its package again, and says that its version is another', async () => {
  const folder = temporaryFolder();
  const version = (number: string): void =>
    write(folder, {
      'node_modules/worlds/package.json': `{ "name": "worlds", "version": "${number}", "type": "module", "exports": "./index.js" }`,
      'node_modules/worlds/index.js': smallWorld('Own-v0')
        .replace('type EnvSpec, ', '')
        .replace(': EnvSpec', ''),
    });
  version('1.0.0');
  const named = ['--env', 'worlds#Own-v0', '--run', 'run'];
  expect(await inFolder(folder, [...train, ...named])).toMatchObject({ exitCode: 0 });
  expect(await inFolder(folder, shown)).toMatchObject({ stderr: '', exitCode: 0 });
  version('1.1.0');
  expect(await inFolder(folder, [...shown, '--env', 'worlds#Own-v0'])).toMatchObject({
    stderr:
      'note: Own-v0 in worlds#Own-v0 has changed from version 1.0.0 to 1.1.0 since run was trained\n',
    exitCode: 0,
  });
  fs.rmSync(join(folder, 'node_modules'), { recursive: true });
  const { stderr, exitCode } = await inFolder(folder, shown);
  expect(stderr).toContain('from the package worlds#Own-v0, which is no longer installed in');
  expect(exitCode).toBe(2);
});
