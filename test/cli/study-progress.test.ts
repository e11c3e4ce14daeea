import { expect, test } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';
import { studyProgress } from '../../src/cli/study-progress.ts';

test('a run that is trained has no training left, whenever it last told how it stands', () => {
  const texts: string[] = [];
  const progress = createProgress({ write: (text) => texts.push(text) }, { logParts: 0 });
  const runs = ['a', 'b'].map((label) => ({ label, path: label, result: label }));
  const calls = studyProgress({ folder: '', runs }, progress, (share: number) => ({
    share,
    figures: [],
  }));
  calls.onStart(0);
  for (const run of runs) {
    calls.onProgress(run, 0.1);
    calls.onEvaluate(run);
    calls.onFinish(run);
  }
  expect(texts.join('')).toMatch(/^a: finished, 1 of 2, about .* of training left$/m);
  expect(texts.join('')).toMatch(/^b: finished, 2 of 2$/m);
});

test('runs that other processes finish count as finished', () => {
  const texts: string[] = [];
  const progress = createProgress({ write: (text) => texts.push(text) }, { logParts: 0 });
  const runs = ['a', 'b', 'c'].map((label) => ({ label, path: label, result: label }));
  const calls = studyProgress({ folder: '', runs }, progress, (share: number) => ({
    share,
    figures: [],
  }));
  calls.onStart(1);
  calls.onFound(runs[1]!);
  calls.onProgress(runs[2]!, 0.5);
  calls.onEvaluate(runs[2]!);
  calls.onFinish(runs[2]!);
  expect(texts.join('').trimEnd().split('\n')).toEqual([
    '1 of 3 runs have a result already',
    'b: finished by another process, 2 of 3',
    'c: trained, evaluating',
    'c: finished, 3 of 3',
  ]);
});
