import { expect, test } from 'vitest';
import { studyText } from '../../src/cli/study-page.ts';
import type { RunStatus } from '../../src/queue/study-status.ts';
import { LONGEST_LINE, MOST_LINES, serverMessageSchema } from '../../src/watch/protocol.ts';
import { tinySettings } from '../train/tiny.ts';

const settings = tinySettings({ frames: 16_000 });
const status = (label: string, change: Partial<RunStatus> = {}): RunStatus => ({
  run: {
    ...{ agent: label, seed: 1, label, key: '0123456789', settings, occasions: [] },
    ...{ path: '/none', result: '/none.json' },
  },
  ...{ is: 'waiting', share: 0, speed: 0, spent: 0, refused: '', host: '' },
  ...change,
});
const sent = (runs: readonly RunStatus[]) => {
  const text = studyText({ runs, workers: [] });
  expect(serverMessageSchema.parse({ kind: 'study', ...text })).toEqual({ kind: 'study', ...text });
  return text;
};

test('the page is told what --status says', () => {
  expect(sent([status('a', { is: 'at work', share: 0.5, speed: 80 }), status('b')])).toEqual({
    summary:
      '0 of 2 finished, 1 at work, 1 waiting, about 5 min 00 s left, 0.00 core-hours, 0 workers on 0 machines',
    runs: ['01234567  a  at work, 50 %, 80 frames/s', '01234567  b  waiting'],
  });
});

test('what others have written comes to the page in one line, not too long, that nothing obeys', () => {
  const [controlling, long] = sent([
    status('a', { is: 'failed', failure: '\u001b[2J\n\u202eback' }),
    status('b', { is: 'failed', failure: 'x'.repeat(10_000) }),
  ]).runs;
  expect(controlling).toBe('01234567  a  failed: \\u001b[2J\\n\\u202eback');
  expect(long).toHaveLength(LONGEST_LINE);
});

test('of more runs than the page has lines for, those at work come first', () => {
  const many = Array.from({ length: MOST_LINES }, (_, i) => status(`${i}`, { is: 'collected' }));
  const { runs } = sent([...many, status('w', { is: 'at work' }), status('f', { is: 'failed' })]);
  expect(runs).toHaveLength(MOST_LINES + 1);
  expect(runs[0]).toMatch(/ w .*at work/);
  expect(runs[1]).toMatch(/ f .*failed/);
  expect(runs.at(-1)).toBe('and 2 more');
});

test('a page takes no text that is too long, or that could be obeyed', () => {
  const refused = (summary: string) =>
    !serverMessageSchema.safeParse({ kind: 'study', summary, runs: [] }).success;
  expect([
    refused('1 of 1 finished'),
    refused('\u001b[2J'),
    refused('\u202e'),
    refused('x'.repeat(301)),
  ]).toEqual([false, true, true, true]);
});
