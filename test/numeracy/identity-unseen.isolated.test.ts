import { expect, test, vi } from 'vitest';
import { identity } from '../../src/numeracy/identity/identity.ts';
import { settingsOf } from '../../src/numeracy/task-settings.ts';

const tested = vi.hoisted(() => ({ isReplaced: false, calls: 0 }));
vi.mock(import('../../src/numeracy/identity/score.ts'), async (original) => {
  const score = await original();
  return {
    ...score,
    testedNumbers(range: number) {
      tested.calls += 1;
      const numbers = score.testedNumbers(range);
      return tested.isReplaced ? numbers.fill(Number.NaN) : numbers;
    },
  };
});

async function trained() {
  const [run] = await identity.runs(
    settingsOf(identity, { nets: 'relu', seeds: '1..3', iterations: 6 }) as never,
    {},
  );
  const training = await identity.train(run!, {});
  for (let i = 0; i < training.steps; i += 1) await training.step(i);
  const saved = training.save();
  await training.dispose();
  return { run: run!, saved };
}

test('what nets are tested on plays no part in their training', async () => {
  const usual = await trained();
  tested.isReplaced = true;
  const { run, saved } = await trained();
  expect(tested.calls).toBe(0);
  expect(saved).toEqual(usual.saved);
  const { copies } = await identity.evaluate(run, saved, {});
  expect(tested.calls).toBe(1);
  expect(copies.every(({ diverged }) => diverged)).toBe(true);
});
