import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evidence } from '../train/evidence.ts';
import { tiny, tinyAgent, UPDATE } from '../train/tiny.ts';
import { inFolder, write } from './files.ts';

/** A timed grid of a file's own, its size from a JSON file beside it. */
const grid = `
import { findSpec, TimedGrid } from 'timegrid/env';
import size from './size.json' with { type: 'json' };
const spec = {
  ...findSpec('TimedGrid-v0'),
  id: 'OwnGrid-v0',
  create: (given?: object) =>
    new TimedGrid({ ...size, pixels: 24, timeMin: 3, timeMax: 6, ...given }, spec),
};
export default spec;
`;
const home = fs.mkdtempSync(join(tmpdir(), 'timegrid of my own '));
const train = ['train', '--threads', '2', '--frames', String(3 * UPDATE), ...tinyAgent];
beforeAll(async () => {
  write(home, { 'worlds of mine/own grid.ts': grid, 'worlds of mine/size.json': '{ "size": 3 }' });
  const own = ['--env', './worlds of mine/own grid.ts', '--run', 'a run'];
  expect(await inFolder(home, [...train, ...own])).toMatchObject({ exitCode: 0 });
});
afterAll(() => fs.rmSync(home, { recursive: true }));

test('a world of a file is explained, and the replay of its failure is one', async () => {
  const explain = ['explain', 'a run', '--episodes', '5', '--up-to', '9', '--json'];
  const { stdout, stderr, exitCode } = await inFolder(home, [...explain, '--replay', 'fails.json']);
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(stdout).failure.first.number).toBeGreaterThanOrEqual(6);
  const { world } = JSON.parse(fs.readFileSync(join(home, 'fails.json'), 'utf8'));
  expect(world).toEqual({ id: 'OwnGrid-v0', options: expect.objectContaining({ size: 3 }) });
});

test('a world of a file gives the same bits on further threads', async () => {
  const own = ['--env', './worlds of mine/own grid.ts', '--env-workers', '2', '--run', 'apart'];
  expect(await inFolder(home, [...train, ...own])).toMatchObject({ exitCode: 0 });
  expect(evidence(join(home, 'apart'))).toEqual(evidence(join(home, 'a run')));
});

test('a study names its world from where the study lies', async () => {
  const study = {
    ...{ env: './own grid.ts', frames: UPDATE, numbers: '3', episodes: 2 },
    ...{ set: tiny, agents: { plain: { agent: 'baseline' } } },
  };
  write(home, { 'worlds of mine/study.json': JSON.stringify(study) });
  const figure = ['study', 'worlds of mine/study.json', '--folder', 'out', '--jobs', '1'];
  expect(await inFolder(home, figure)).toMatchObject({
    stderr: expect.stringContaining('is code that this study has never run on this machine'),
    exitCode: 2,
  });
  expect(await inFolder(home, [...figure, '--allow-code'])).toMatchObject({ exitCode: 0 });
  const again = await inFolder(home, figure);
  expect(again.stderr).toContain('1 of 1 runs have a result already');
  const { settings } = JSON.parse(fs.readFileSync(join(home, 'out/runs/plain-1/run.json'), 'utf8'));
  expect(settings.env.source).toMatchObject({
    ...{ given: './own grid.ts', from: join(fs.realpathSync(home), 'worlds of mine') },
  });
});

test('what a JSON file beside it says is part of a world', async () => {
  write(home, { 'worlds of mine/size.json': '{ "size": 4 }' });
  const { stderr } = await inFolder(home, ['export', 'a run', '--onnx', 'step.onnx']);
  write(home, { 'worlds of mine/size.json': '{ "size": 3 }' });
  expect(stderr).toContain('or a file that it imports, has changed since a run was trained');
});
