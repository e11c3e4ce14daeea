import { describe, expect, test } from 'vitest';
import type { Trainer } from '../../dist/src/train/trainer.js';
import { splitWorlds } from '../../src/train/split-worlds.ts';
import { tinySettings, UPDATE } from './tiny.ts';
import { gap, newTrainer, trained } from './trainer-at-work.ts';

describe('splitWorlds', () => {
  test.each([
    [32, 2, [16, 16]],
    [7, 3, [3, 2, 2]],
    [3, 3, [1, 1, 1]],
    [5, 1, [5]],
  ])('%i worlds over %i shards', (worlds, shards, expected) => {
    expect(splitWorlds(worlds, shards)).toEqual(expected);
  });
});

test('the same seed and shards give the same bits, another seed others', async () => {
  const settings = tinySettings({ threads: 2 });
  const first = await trained(settings);
  expect(first.frames).toBe(5 * UPDATE);
  expect(await trained(settings)).toEqual(first);
  const other = await trained(tinySettings({ threads: 2, seed: 2 }));
  expect(gap(other.parameters, first.parameters)).toBeGreaterThan(0.01);
});

test('the number of shards does not change how episodes begin', async () => {
  const [one, five] = [1, 5].map((threads) => newTrainer(tinySettings({ threads })));
  const worldsOf = async (trainer: Trainer) =>
    (await trainer.state()).shards.flatMap(({ worlds }) => (worlds as { worlds: object[] }).worlds);
  expect(await worldsOf(await five!)).toEqual(await worldsOf(await one!));
  const [report, other] = [await (await one!).update(), await (await five!).update()];
  // The actions are drawn in another order, so the two agree as two samples do.
  expect(other.entropy).toBeCloseTo(report.entropy, 3);
  expect(other.gradientNorm).toBeGreaterThan(0);
  expect(other.valueLoss / report.valueLoss).toBeGreaterThan(0.2);
  expect(other.valueLoss / report.valueLoss).toBeLessThan(5);
});

test('an update reports figures of all shards together', async () => {
  const trainer = await newTrainer(tinySettings({ threads: 3 }));
  expect(trainer.done).toBe(false);
  const report = await trainer.update();
  expect(trainer.frames).toBe(UPDATE);
  // A policy that starts near the uniform one over five actions.
  expect(report.entropy).toBeCloseTo(Math.log(5), 2);
  expect(report.learningRate).toBe(trainer.settings.config.learningRate);
  expect(report.distinctShare).toBeGreaterThan(0);
  expect(report.distinctShare).toBeLessThanOrEqual(1.5);
  expect(report.explainedVariance).toBeLessThanOrEqual(1);
  for (const { length, return: reward, metrics } of report.episodes) {
    expect(length).toBeGreaterThanOrEqual(1);
    expect(reward).toBeLessThanOrEqual(10);
    expect(metrics.arrived).toBeOneOf([0, 1]);
  }
});
