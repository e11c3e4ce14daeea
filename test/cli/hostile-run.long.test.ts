/** What a run's folder may hold so that whoever reads it would wait for ever, run out of memory, or find out too late. */

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { train } from '../../dist/src/train/train.js';
import { openRun, readRunMetrics } from '../../src/run/folder.ts';
import { saveRun } from '../evaluate/saved-run.ts';
import { forge, forgeCheckpoints } from '../run/forge.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { tinyOptions } from '../train/tiny.ts';
import { Running, refusal, timegrid } from './timegrid.ts';

let run: string;
beforeEach(() => {
  run = join(temporaryFolder(), 'run');
  saveRun(run);
});

const commands = (): string[][] => [
  ['evaluate', run],
  ['explain', run],
  ['watch', run],
  ['export', run, '--onnx', `${run}.onnx`],
  ['train', '--run', run, '--resume'],
];

describe.each<[string, (file: string) => void, string]>([
  ['a pipe', (file) => execFileSync('mkfifo', [file]), 'it is a pipe where a file is needed'],
  [
    '/dev/zero',
    (file) => fs.symlinkSync('/dev/zero', file),
    'it is a device where a file is needed',
  ],
  [
    'JSON nested 200,000 deep',
    (file) => fs.writeFileSync(file, `{"a":${'['.repeat(2e5)}${']'.repeat(2e5)}}`),
    'is damaged: it is not valid JSON (it is nested more than 100 deep)',
  ],
  [
    'a terabyte of nothing',
    (file) => {
      fs.writeFileSync(file, '');
      fs.truncateSync(file, 2 ** 40);
    },
    'is larger than 64 MiB',
  ],
])('run.json as %s', (_, make, problem) => {
  test('costs every command one sentence', async () => {
    const file = join(run, 'run.json');
    fs.rmSync(file);
    make(file);
    for (const args of commands()) expect(await refusal(args, 1)).toContain(problem);
    expect((await timegrid(['verify', run])).stdout).toContain(problem);
  });
});

test.each([
  ['"shards": 1,', '"shards": 1000000000,', /settings\.shards: /],
  ['"shards": 1,', '"shards": 200,', /settings\.shards: more threads than worlds to share/],
  ['"worlds": ', '"worlds": 1e9, "w": ', /settings\.config\.worlds: /],
  ['"lstm": 8', '"lstm": 1e9', /settings\.config\.lstm: /],
])('settings with %s as %s cost one sentence, not the memory', async (from, to, problem) => {
  forge(run, (text) => text.replace(from, to));
  for (const args of commands()) expect(await refusal(args, 1)).toMatch(problem);
});

test.each([
  ['no shards', { shards: undefined }],
  ['a generator that is none', { shards: [{ worlds: null, actionRandom: { i: 0 } }] }],
  ['no count of updates', { optimizerCount: 'many' }],
])('a checkpoint with %s cannot be resumed, in one sentence', async (_, change) => {
  const { stderr, exitCode } = await timegrid([
    ...['train', '--run', join(run, '..', 'trained'), '--frames', '200', '--threads', '1'],
    ...['--env-option', 'size=3', 'pixels=12', 'timeMin=2', 'timeMax=4', '--agent', 'baseline'],
    ...['--set', 'convolutions=[{"filters":4,"size":4,"stride":4}]', 'dense=8', 'lstm=8'],
    ...['worlds=4', 'steps=5'],
  ]);
  expect(exitCode, stderr).toBe(0);
  const trained = join(run, '..', 'trained');
  forgeCheckpoints(trained, ({ state, ...rest }) => ({
    ...rest,
    state: JSON.parse(JSON.stringify({ ...(state as object), ...change })),
  }));
  expect(await refusal(['train', '--run', trained, '--resume'], 1)).toBe(
    `${trained} is not a checkpoint of a training with 1 shards`,
  );
});

test('a log of three gigabytes does not keep the page waiting', async () => {
  fs.truncateSync(join(run, 'metrics.jsonl'), 3 * 2 ** 30);
  const watch = new Running(['watch', run]);
  await watch.until(() => watch.stdout.includes('Watch at http'));
  expect((await watch.signal('SIGINT')).stderr).not.toContain('bug');
  expect(await refusal(['export', run, '--run', `${run}-copy`], 1)).toContain(
    `${join(run, 'metrics.jsonl')} is larger than 256 MiB`,
  );
});

test('a log that is deleted during the training is restored, and said', async () => {
  const path = join(run, '..', 'trained');
  const file = join(path, 'metrics.jsonl');
  const notes: string[] = [];
  let isDeleted = false;
  await train(
    { ...tinyOptions(), run: path, frames: 20_000 },
    {
      onProgress() {
        if (!isDeleted) fs.rmSync(file);
        isDeleted = true;
      },
      onNote: (note) => notes.push(note),
    },
  );
  expect(notes).toEqual([`${file} was deleted during the training; it has been restored`]);
  const warnings: string[] = [];
  const rows = readRunMetrics(openRun(path, (warning) => warnings.push(warning)));
  expect(rows.map(({ frames }) => frames)).toEqual([6400, 12800, 19200, 20000]);
  expect(warnings).toEqual([]);
});
