import { expect, test, vi } from 'vitest';
import { language } from '../../src/numeracy/language/language.ts';
import { settingsOf } from '../../src/numeracy/task-settings.ts';

const tested = vi.hoisted(() => ({ isReplaced: false, calls: 0 }));
vi.mock(import('../../src/numeracy/language/score.ts'), async (original) => {
  const score = await original();
  const replaced = (numbers: number[]): number[] => {
    tested.calls += 1;
    return tested.isReplaced ? numbers.map(() => Number.NaN) : numbers;
  };
  return {
    ...score,
    testedNumbers: (...args) => replaced(score.testedNumbers(...args)),
    beyondNumbers: (...args) => replaced(score.beyondNumbers(...args)),
  };
});
vi.mock(import('../../src/numeracy/language/word-input.ts'), async (original) => {
  const input = await original();
  const known = (numbers: readonly number[]) => numbers.map((n) => (Number.isNaN(n) ? 0 : n));
  return {
    ...input,
    wordsOf: (number: number) => input.wordsOf(Number.isNaN(number) ? 0 : number),
    oneHot: (numbers: readonly number[], L: number) => input.oneHot(known(numbers), L),
  };
});

async function trained(models: string) {
  const settings = settingsOf(language as never, {
    ...{ models, ranges: 'to-9999', seeds: '1..2', iterations: 3, hidden: 2, starts: 1, batch: 16 },
  });
  const [run] = await language.runs(settings as never, {});
  const training = await language.train(run!, {});
  for (let i = 0; i < 3; i += 1) await training.step(i);
  const saved = training.save();
  await training.dispose();
  return { run: run!, saved };
}

test.each(['reckoner', 'nalu'])(
  'what a model (%s) is tested on plays no part in its training',
  async (model) => {
    tested.isReplaced = false;
    tested.calls = 0;
    const usual = await trained(model);
    tested.isReplaced = true;
    const { run, saved } = await trained(model);
    expect(tested.calls).toBe(0);
    expect(saved).toEqual(usual.saved);
    const { copies } = await language.evaluate(run, saved, {});
    expect(tested.calls).toBeGreaterThan(0);
    expect(copies.every(({ diverged }) => diverged)).toBe(true);
  },
);
