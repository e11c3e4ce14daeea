import { expect, test } from 'vitest';
import {
  figuresOf,
  type RunStatus,
  statusJson,
  statusLines,
} from '../../src/queue/study-status.ts';
import type { PlannedRun } from '../../src/study/planned-run.ts';
import { tinySettings } from '../train/tiny.ts';

const settings = tinySettings({ frames: 16_000 });
const run = (label: string): PlannedRun => ({
  ...{ agent: label, seed: 1, label, key: `${label}0000000000`, settings, occasions: [] },
  ...{ path: '/none', result: '/none.json' },
});
const status = (label: string, change: Partial<RunStatus>): RunStatus => ({
  ...{ run: run(label), is: 'waiting', share: 0, speed: 0, spent: 0, refused: '', host: '' },
  ...change,
});
const worker = (id: string, host: string) => ({
  ...{ id, host, cpu: 'x', versions: {}, jobs: 2, busy: 1 },
});

const study = {
  runs: [
    status('a', { is: 'collected', share: 1, spent: 1800 }),
    status('b', { is: 'at work', share: 0.25, speed: 100, spent: 900, host: 'fast' }),
    status('c', { is: 'at work', share: 0.75, speed: 60, spent: 900, host: 'slow' }),
    status('d', { refused: 'fast: it needs a world' }),
    status('e', { is: 'failed', failure: 'the loss diverged', spent: 0 }),
  ],
  workers: [worker('1', 'fast'), worker('2', 'slow'), worker('3', 'slow')],
};

test('the figures of a study: what is left at the speed of now, and what it has cost', () => {
  expect(figuresOf(study)).toEqual([
    ...['1 of 5 finished', '1 failed', '2 at work', '1 waiting'],
    // 12,000 + 4,000 + 16,000 frames at 160 a second.
    'about 3 min 20 s left',
    '1.00 core-hours',
    '3 workers on 2 machines',
  ]);
  expect(statusJson(study)).toMatchObject({ secondsLeft: 200, coreHours: 1, share: 0.6 });
});

test('each run has a line that says how it stands, and why it does not', () => {
  expect(statusLines(study)).toEqual([
    'a0000000  a  finished',
    'b0000000  b  at work, 25 %, on fast, 100 frames/s',
    'c0000000  c  at work, 75 %, on slow, 60 frames/s',
    'd0000000  d  waiting: refused by fast: it needs a world',
    'e0000000  e  failed: the loss diverged',
    '',
    figuresOf(study).join(', '),
  ]);
});
