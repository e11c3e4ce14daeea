/** Options that contradict each other, or that have no effect, cost one sentence. */

import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planStudy } from '../../src/study/plan-study.ts';
import { saveRun } from '../evaluate/saved-run.ts';
import { smallWorld, write } from '../plugins/files.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { refusal, timegrid } from './timegrid.ts';

describe('train', () => {
  test.each<[string[], string]>([
    [
      ['--agent', 'nac', '--set', 'pathway=baseline'],
      'an agent has no option "pathway": choose the agent with --agent baseline',
    ],
    [
      ['--agent', 'baseline', '--set', 'clockUnits=3', 'pull=0.5'],
      'the agent baseline has no option "clockUnits", an option of nac-clock; the options of baseline are convolutions, dense,',
    ],
    [
      ['--agent', 'nac', '--set', 'clockReads=one'],
      'the agent nac has no option "clockReads", an option of nac-clock; the options of nac are',
    ],
    [
      ['--set', 'optimizer=rmsprop', 'adamBeta2=0.9'],
      'adamBeta2 does nothing without optimizer=adam: add that, or leave adamBeta2 out',
    ],
    [
      ['--set', 'rmspropDecay=0.9'],
      'rmspropDecay does nothing without optimizer=rmsprop: add that, or leave rmspropDecay out',
    ],
    [
      ['--set', 'pullFrom=0.5'],
      'pullFrom does nothing without a pull above 0: add that, or leave pullFrom out',
    ],
    [
      ['--resume', '--init-from', 'runs/x'],
      'continues from its own checkpoint when it is resumed: leave out --init-from, or --resume',
    ],
  ])('%j', async (options, sentence) => {
    const run = join(temporaryFolder(), 'run');
    expect(await refusal(['train', '--run', run, ...options])).toContain(sentence);
    expect(fs.existsSync(run)).toBe(false);
  });
});

test('options that need a number, in a world that tells none', async () => {
  const folder = temporaryFolder();
  write(folder, { 'mute.ts': smallWorld('Mute-v0') });
  const env = join(folder, 'mute.ts');
  const training = ['train', '--env', env, '--run', join(folder, 'run'), '--threads', '1'];
  const rest = ['--agent', 'nac-stateless', '--set', 'nacWidth=7'];
  expect(await refusal([...training, ...rest])).toBe(
    'nacWidth does nothing without a world that tells a number: add that, or leave nacWidth out',
  );
  const run = join(folder, 'saved');
  await timegrid([
    ...['train', '--env', env, '--run', run, '--threads', '1', '--frames', '4'],
    ...['--set', 'worlds=2', 'steps=2', 'dense=4', 'lstm=4', 'nacWidth=2'],
  ]);
  for (const option of [
    ['--numbers', '3'],
    ['--episodes', '3'],
    ['--up-to', '30'],
    ['--replay', join(folder, 'replay.json')],
  ]) {
    expect(await refusal(['explain', run, ...option])).toBe(
      `${option[0]} does nothing in a world that tells no number: leave it out`,
    );
  }
  expect((await timegrid(['explain', run])).exitCode).toBe(0);
});

test('a study', async () => {
  expect(await refusal(['study', '--agents', 'nac,baseline,nac'])).toBe(
    '--agents names nac twice: name it once, and give --seeds for more runs of it',
  );
  expect(await refusal(['study', '--agents', 'baseline,nac', '--set', 'pullFrom=0.5'])).toBe(
    'the study: pullFrom does nothing without a pull above 0: add that, or leave pullFrom out',
  );
  const file = join(temporaryFolder(), 'study.json');
  const agents = { a: { agent: 'nac', set: { adamBeta1: 0.8, optimizer: 'rmsprop' } } };
  fs.writeFileSync(file, JSON.stringify({ agents }));
  expect(await refusal(['study', file])).toBe(
    `${file}, agent "a": adamBeta1 does nothing without optimizer=adam: add that, or leave adamBeta1 out`,
  );
});

test('what all agents of a study share is left out where only others use it', async () => {
  const agents = { clock: { agent: 'nac-clock' }, nac: { agent: 'nac' } };
  const { runs } = await planStudy({ agents, set: { pullFrom: 0.5 } }, { folder: 'x' });
  expect(runs.map(({ settings }) => settings.config.pullFrom)).toEqual([0.5, 0.3]);
});

test('a pathway that has moved, of a run whose pathway comes with timegrid', async () => {
  const run = join(temporaryFolder(), 'nac-1');
  saveRun(run);
  const own = ['--agent', './my-pathway.ts'];
  for (const args of [
    ['evaluate', run, '--numbers', '2'],
    ['explain', run],
    ['watch', run],
    ['export', run, '--onnx', join(run, 'x.onnx')],
    ['train', '--run', run, '--resume'],
  ]) {
    expect(await refusal([...args, ...own])).toBe(
      `--agent ./my-pathway.ts does nothing, since the pathway of ${run}, nac, comes with timegrid: leave it out`,
    );
  }
  expect(fs.existsSync(join(run, 'x.onnx'))).toBe(false);
});

test.each<[string[], string]>([
  [['watch', '--wait'], '--wait does nothing without a run: leave it out'],
  [['watch', '--agent', './p.ts'], '--agent does nothing without a run: leave it out'],
  [['watch', '--env', 'TimedGrid-v0', '--wait'], '--wait does nothing without a run: leave it out'],
  [
    ['watch', 'REPLAY', '--checkpoint', 'best'],
    '--checkpoint does nothing with a replay, which needs no agent: leave it out',
  ],
  [
    ['watch', 'REPLAY', '--engine', 'cpu'],
    '--engine does nothing with a replay, which needs no agent: leave it out',
  ],
  [
    ['watch', 'REPLAY', '--verify', '--port', '9000'],
    '--port does nothing with --verify, which opens no page: leave it out',
  ],
  [
    ['export', 'runs/x', '--run', 'y', '--env', './w.ts'],
    '--env does nothing without --onnx, since a copy needs no world or pathway: leave it out',
  ],
  [
    ['check', 'TimedGrid-v0', '--set', 'size=3'],
    'TimedGrid-v0 is a world: give its options with --env-option, not --set',
  ],
  [
    ['check', 'nac-clock', '--env-option', 'clockUnits=3'],
    'nac-clock is a pathway: give its options with --set, not --env-option',
  ],
])('%j', async (args, sentence) => {
  const replay = join(temporaryFolder(), 'replay.json');
  fs.writeFileSync(replay, '{}');
  expect(await refusal(args.map((arg) => (arg === 'REPLAY' ? replay : arg)))).toBe(sentence);
});
