import { expect, test } from 'vitest';
import { createStudyProgress } from '../../src/cli/study-progress.ts';
import type { Declaration } from '../../src/study/declaration.ts';
import type { TrainProgress } from '../../src/train/logbook.ts';

test('a line for each quarter and each result, with the time that the rest will take', () => {
  let [text, now] = ['', 0];
  const stream = { write: (more: string) => (text += more) };
  const declaration = { runs: new Array(4), frames: 1000 } as unknown as Declaration;
  const progress = createStudyProgress(stream, declaration, () => now);
  const at = (frames: number) =>
    ({ frames, reward: 9.5, metrics: { exact: 0.5 } }) as unknown as TrainProgress;
  progress.begin(1);
  // Resumed at 600: those frames have cost nothing now, and are not to come either.
  progress.trained('a, seed 1', at(600));
  now = 10_000;
  progress.trained('a, seed 1', at(800));
  progress.trained('b, seed 1', at(100));
  now = 20_000;
  progress.trained('b, seed 1', at(300));
  progress.trained('b, seed 1', {
    ...at(600),
    reward: Number.NaN,
    metrics: { exact: null as unknown as number },
  });
  progress.note('b, seed 1: no answer from a world');
  progress.evaluating('a, seed 1');
  progress.finished('a, seed 1');
  expect(text.split('\n')).toEqual([
    '1 of 4 runs have their result already',
    // 200 frames in ten seconds, 2,200 of three times 1,000 left.
    'a, seed 1: 800 of 1.00 k frames, reward 9.50, exact 50 %, about 1 min 50 s of training left',
    // 400 in twenty, 1,900 left.
    'b, seed 1: 300 of 1.00 k frames, reward 9.50, exact 50 %, about 1 min 35 s of training left',
    'b, seed 1: 600 of 1.00 k frames, about 46 s of training left',
    'b, seed 1: no answer from a world',
    'a, seed 1: evaluating',
    'a, seed 1: finished, 2 of 4',
    '',
  ]);
});
