import { expect, test } from 'vitest';
import { findProblem, lastSteps, rangeName, usualRange } from '../../viewer/saving/step-range.ts';

test('a short episode is saved whole, and of a long one its last steps', () => {
  expect(usualRange(13)).toEqual({ from: 0, to: 13 });
  expect(usualRange(300)).toEqual({ from: 0, to: 300 });
  expect(usualRange(301)).toEqual({ from: 281, to: 301 });
  expect(lastSteps(7)).toEqual({ from: 0, to: 7 });
});

test('only part of an episode is named by its steps', () => {
  expect(rangeName({ from: 0, to: 13 }, 13)).toBe('');
  expect(rangeName({ from: 9_992, to: 10_012 }, 10_012)).toBe('steps9992-10012');
});

test('steps that the episode does not have, or too many, are not saved', () => {
  const range = { from: 0, to: 10_012 };
  expect(findProblem(range, 10_012, 'gif')).toMatch(/^A GIF has at most 300 steps/);
  expect(findProblem(range, 10_012, 'video')).toMatch(/^A video has at most 1,500 steps/);
  expect(findProblem({ from: 0, to: 1_500 }, 10_012, 'video')).toBe('');
  expect(findProblem({ from: 9, to: 8 }, 10, 'gif')).toMatch(/^Step 9 is not before step 8/);
  expect(findProblem({ from: 0, to: 11 }, 10, 'gif')).toMatch(/^The episode has 10 steps/);
});
