// Threads run the compiled code.

import { describe, expect, onTestFinished, test } from 'vitest';
import { cut } from '../../agent/optimizer-slice.ts';
import { Trainer } from '../../dist/src/train/trainer.js';
import type { TrainSettings } from '../../src/run/train-settings.ts';
import { splitWorlds } from '../../src/train/split-worlds.ts';
import type { TrainerState } from '../../src/train/trainer.ts';
import { tinySettings, UPDATE } from './tiny.ts';

async function newTrainer(settings: TrainSettings): Promise<Trainer> {
  const trainer = await Trainer.create(settings);
  onTestFinished(() => trainer.close());
  return trainer;
}

async function trained(settings: TrainSettings): Promise<TrainerState> {
  const trainer = await newTrainer(settings);
  while (!trainer.done) await trainer.update();
  return trainer.state();
}

/** The largest difference between two vectors. */
function gap(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

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

test('every shard steps a slice of the parameters, and all of that resumes with the same bits', async () => {
  const settings = tinySettings({ threads: 3 });
  const trainer = await newTrainer(settings);
  const before = trainer.parameters.slice();
  await trainer.update();
  await trainer.update();
  const half = await trainer.state();
  const vectors = { parameters: before, mean: before.map(() => 0), square: before.map(() => 0) };
  for (const [name, first] of Object.entries(vectors)) {
    const now = name === 'parameters' ? half.parameters : half.slots[name]!;
    for (const { start, end } of cut(before.length, 3)) {
      expect(gap(now.slice(start, end), first.slice(start, end))).toBeGreaterThan(0);
    }
  }
  const other = await newTrainer(settings);
  await other.restore(half);
  while (!other.done) await other.update();
  expect(await other.state()).toEqual(await trained(settings));
});

const isWhole = (weight: number): boolean => Math.abs(weight - Math.round(weight)) < 1e-6;

describe('an agent with a clock', () => {
  const settings = tinySettings({ agent: 'nac-clock', frames: 10 * UPDATE });
  const accumulators = ['clock', 'nac'];
  /** How far the accumulators' weights are from whole at most. */
  const distance = ({ parameterViews: p }: Trainer): number =>
    Math.max(
      ...accumulators.flatMap((name) =>
        Array.from(p[`${name}/w_hat`]!, (w, i) => {
          const weight = Math.tanh(w) / (1 + Math.exp(-p[`${name}/m_hat`]![i]!));
          return Math.abs(weight - Math.round(weight));
        }),
      ),
    );

  test('has its accumulators rounded once, and the rest of it continues to learn', async () => {
    const trainer = await newTrainer(settings);
    const distances: number[] = [];
    while (!trainer.done) {
      const before = trainer.parameters.slice();
      await trainer.update();
      distances.push(distance(trainer));
      expect(gap(trainer.parameters, before)).toBeGreaterThan(0);
    }
    expect(Math.min(...distances.slice(0, 6))).toBeGreaterThan(0.1);
    expect(Math.max(...distances.slice(6))).toBeLessThan(1e-6);
  });

  test.each(['nmu', 'npu', 'nalu'])(
    'keeps the weights of a %s whole once they are',
    async (cell) => {
      const trainer = await newTrainer(
        tinySettings({ agent: 'cell-clock', frames: 4 * UPDATE, set: { cell, roundAt: 0.5 } }),
      );
      const whole: boolean[] = [];
      while (!trainer.done) {
        await trainer.update();
        const { 'cell gate': _, ...weights } = trainer.accumulatorWeights;
        whole.push(Object.values(weights).every((all) => all.every(isWhole)));
      }
      expect(whole).toEqual([false, true, true, true]);
    },
  );

  test('resumes from before its rounding and from after it with the same bits', async () => {
    const whole = await trained(settings);
    for (const updates of [6, 8]) {
      const first = await newTrainer(settings);
      for (let i = 0; i < updates; i++) await first.update();
      const second = await newTrainer(settings);
      await second.restore(await first.state());
      while (!second.done) await second.update();
      expect(await second.state()).toEqual(whole);
    }
  });
});
