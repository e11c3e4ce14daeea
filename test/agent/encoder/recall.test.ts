import { expect, test } from 'vitest';
import { Recall } from '../../../agent/encoder/recall.ts';

const FRAMES = [0, 1, 2, 3];

/** An update whose steps after the first each meet one of these frames. @returns what was to be encoded beforehand */
function update(recall: Recall, met: readonly number[]): number[] {
  const expected = recall.begin();
  for (const frame of met) {
    const age = recall.see(frame);
    if (!expected.includes(frame)) recall.step(age);
  }
  return expected;
}

/** An update that meets all frames at its first step, which encodes them in any case. */
function updateAtOnce(recall: Recall): number[] {
  const expected = recall.begin();
  for (const frame of FRAMES) recall.see(frame);
  return expected;
}

test('frames that steps meet again and again are encoded beforehand', () => {
  const recall = new Recall(2, 100);
  expect(update(recall, FRAMES)).toEqual([]);
  update(recall, FRAMES);
  expect(update(recall, FRAMES)).toEqual(FRAMES);
});

test('frames that are not met again are not, nor more than there is room for', () => {
  const recall = new Recall(2, 100);
  for (let i = 0; i < 5; i++) expect(update(recall, [4 * i, 4 * i + 1])).toEqual([]);
  const narrow = new Recall(2, FRAMES.length - 1);
  for (let i = 0; i < 5; i++) expect(update(narrow, FRAMES)).toEqual([]);
});

test('frames that no step has waited for are not, also after all were forgotten', () => {
  const recall = new Recall(2, 100);
  for (let i = 0; i < 9; i++) {
    expect(updateAtOnce(recall)).toEqual([]);
    if (i === 3) recall.clear();
  }
});
