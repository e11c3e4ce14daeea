import fs from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { openRun } from '../../src/run/folder.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { createRun, saveCheckpoint } from '../../src/run/training-run.ts';
import { verifyRun } from '../../src/run/verify.ts';
import { refusal, timegrid } from '../cli/timegrid.ts';
import { describe as description } from '../evaluate/saved-run.ts';
import { forge, rewrite } from './forge.ts';
import { checkpointAt, loadedAt } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'run');
  const run = createRun(path, description());
  for (const frames of [1, 2, 3]) {
    run.metrics.append({ frames, reward: frames / 2 });
    run.events.append(frames, { 'train/reward': frames / 2 }, frames);
    saveCheckpoint(run, checkpointAt(frames, frames === 1));
  }
  run.close();
});

const at = (...names: string[]) => join(path, ...names);
const edit = (name: string, change: (text: string) => string) =>
  fs.writeFileSync(at(name), change(fs.readFileSync(at(name), 'utf8')));
const damages = () => verifyRun(path).files.filter(({ state }) => state !== 'whole');

test('a whole run is whole, and says what its checkpoints are', async () => {
  expect(await timegrid(['verify', path])).toEqual({
    stdout: [
      `${path} is whole`,
      '  run.json                      whole',
      '  checkpoints.json              whole',
      '  checkpoints/000000000003      whole  last',
      '  checkpoints/000000000002      whole  previous',
      '  checkpoints/000000000001      whole  best',
      '  metrics.jsonl                 whole',
      '  events.out.tfevents.timegrid  whole\n',
    ].join('\n'),
    stderr: '',
    exitCode: 0,
  });
});

test('several runs, and folders of runs, are verified one by one', async () => {
  fs.cpSync(path, join(folder, 'other'), { recursive: true });
  fs.rmSync(at('metrics.jsonl'));
  const { stdout, exitCode } = await timegrid(['verify', folder, '--json']);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([
    { run: join(folder, 'other'), isWhole: true },
    { run: path, isWhole: false },
  ]);
  expect(await refusal(['verify', join(folder, 'rum')])).toContain('did you mean');
});

const cut = (name: string) => fs.truncateSync(at(name), fs.statSync(at(name)).size - 5);
const tensors = (frames: number) => `checkpoints/00000000000${frames}/tensors.safetensors`;

describe.each<[string, () => void, string, string, boolean]>([
  [
    'a setting changed',
    () => edit('run.json', (t) => t.replace('0.99', '0.98')),
    'run.json',
    'damaged',
    true,
  ],
  ['no description', () => fs.rmSync(at('run.json')), 'run.json', 'lost', true],
  [
    'the description of another run',
    () => rewrite(at('run.json'), (content) => ({ ...content, created: 'later' })),
    ...(['run.json', 'damaged', true] as const),
  ],
  [
    'names changed',
    () => edit('checkpoints.json', (t) => t.replace('03"', '01"')),
    'checkpoints.json',
    'damaged',
    true,
  ],
  ['no names', () => fs.rmSync(at('checkpoints.json')), 'checkpoints.json', 'lost', true],
  ['a cut checkpoint', () => cut(tensors(3)), 'checkpoints/000000000003', 'damaged', false],
  [
    'no last checkpoint',
    () => fs.rmSync(at('checkpoints/000000000003'), { recursive: true }),
    ...(['checkpoints/000000000003', 'lost', true] as const),
  ],
  ['no metrics', () => fs.rmSync(at('metrics.jsonl')), 'metrics.jsonl', 'lost', true],
  [
    'a row changed',
    () => edit('metrics.jsonl', (t) => t.replace('1.5', '2.5')),
    'metrics.jsonl',
    'damaged',
    true,
  ],
  [
    'a row lost',
    () => edit('metrics.jsonl', (t) => t.split('\n').slice(0, 2).join('\n')),
    'metrics.jsonl',
    'damaged',
    true,
  ],
  [
    'no events',
    () => fs.rmSync(at('events.out.tfevents.timegrid')),
    'events.out.tfevents.timegrid',
    'lost',
    true,
  ],
  [
    'events cut',
    () => cut('events.out.tfevents.timegrid'),
    'events.out.tfevents.timegrid',
    'damaged',
    true,
  ],
])('%s', (_, damage, file, state, isRepairable) => {
  test('is found, and repaired where nothing is lost by it', async () => {
    damage();
    expect(damages()).toMatchObject([{ file, state, remedy: expect.any(String) }]);
    const { stdout, exitCode } = await timegrid(['verify', path]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`^  ${file} +${state} `, 'm'));
    expect(stdout).toContain('what can be restored:\n');

    const repaired = await timegrid(['verify', path, '--repair']);
    expect(repaired.stderr).toMatch(/^note: /);
    if (isRepairable) expect(repaired.exitCode).toBe(0);
    const last = loadCheckpoint(openRun(path), 'last');
    expect(last).toEqual(loadedAt(file.startsWith('checkpoints/') ? 2 : 3));
    expect(damages().map((damaged) => damaged.file)).toEqual(isRepairable ? [] : [file]);
  });
});

test('settings that disagree with every checkpoint are the ones that are wrong', () => {
  forge(path, (text) => text.replace('0.99', '0.97'));
  expect(damages()).toEqual([]);
  rewrite(at('run.json'), (content) => JSON.parse(JSON.stringify(content).replace('0.97', '0.98')));
  expect(damages()).toMatchObject([
    { file: 'run.json', about: expect.stringContaining('its discount is 0.98, and was 0.97') },
  ]);
});

test('without any whole checkpoint, nothing can be restored', async () => {
  for (const frames of [1, 2, 3]) cut(tensors(frames));
  fs.rmSync(at('run.json'));
  const { stderr, stdout, exitCode } = await timegrid(['verify', path, '--repair']);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
  expect(stdout).not.toContain('what can be restored');
});
