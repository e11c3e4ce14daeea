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
