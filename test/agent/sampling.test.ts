import seedrandom from 'seedrandom';
import { describe, expect, test } from 'vitest';
import { greedyActions, sampleActions } from '../../agent/sampling.ts';

const f = (...values: number[]) => Float32Array.from(values);

describe('sampled actions', () => {
  test('come as often as their probabilities say', () => {
    const rows = f(0.5, 0.25, 0.2, 0.05, 0, 0.1, 0, 0.9);
    const uniform = seedrandom('actions');
    const counts = [new Array(4).fill(0), new Array(4).fill(0)];
    const actions = new Int32Array(2);
    const draws = 20_000;
    for (let i = 0; i < draws; i++) {
      sampleActions(rows, uniform, actions);
      for (const [row, action] of actions.entries()) counts[row]![action] += 1;
    }
    for (const [row, expected] of [
      [0.5, 0.25, 0.2, 0.05],
      [0, 0.1, 0, 0.9],
    ].entries()) {
      for (const [action, probability] of expected.entries()) {
        const share = counts[row]![action] / draws;
        // Four standard deviations of a share.
        const margin = 4 * Math.sqrt((probability * (1 - probability)) / draws);
        expect(Math.abs(share - probability)).toBeLessThanOrEqual(margin);
      }
    }
  });

  test.each([
    [0, 0],
    [0.2499, 0],
    [0.25, 1],
    [0.4999, 1],
    [0.5, 3],
    [0.9999, 3],
  ])('the uniform number %d gives action %i', (number, action) => {
    const actions = Int32Array.of(-1);
    sampleActions(f(0.25, 0.25, 0, 0.5), () => number, actions);
    expect(actions[0]).toBe(action);
  });

  test('take one number each, row by row', () => {
    const left = [0.1, 0.9, 0.6];
    const actions = new Int32Array(3);
    sampleActions(f(0.5, 0.5, 0.5, 0.5, 0.5, 0.5), () => left.shift()!, actions);
    expect([...actions]).toEqual([0, 1, 1]);
    expect(left).toEqual([]);
  });

  test('the last action takes what a row lacks to one', () => {
    const actions = new Int32Array(1);
    sampleActions(f(0.3, 0.3, 0.3), () => 1 - 2 ** -53, actions);
    expect(actions[0]).toBe(2);
  });
});

test('greedy actions are the most probable, the first of equals', () => {
  const actions = new Int32Array(4);
  greedyActions(f(0.1, 0.7, 0.2, 0.4, 0.4, 0.2, 0.2, 0.4, 0.4, 0, 0, 1), actions);
  expect([...actions]).toEqual([1, 0, 1, 2]);
});
