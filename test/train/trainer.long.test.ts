import { describe, expect, test } from 'vitest';
import { cut } from '../../agent/optimizer-slice.ts';
import type { Trainer } from '../../dist/src/train/trainer.js';
import { tinySettings, UPDATE } from './tiny.ts';
import { gap, newTrainer, trained } from './trainer-at-work.ts';

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
