import { expect, test, vi } from 'vitest';
import { SECOND_ORDER } from '../../src/numeracy/module/models.ts';
import { module } from '../../src/numeracy/module/module.ts';

const tested = vi.hoisted(() => ({ isReplaced: false, calls: 0 }));
vi.mock(import('../../src/numeracy/module/numbers.ts'), async (original) => {
  const numbers = await original();
  return {
    ...numbers,
    testNumbers(...how: Parameters<typeof numbers.testNumbers>) {
      tested.calls += 1;
      const x = numbers.testNumbers(...how);
      return tested.isReplaced ? x.fill(Number.NaN) : x;
    },
  };
});

async function trained(cell: string) {
  const run = {
    name: cell,
    settings: { cell, seeds: [1, 2], inputs: 3, iterations: 6, batch: 8 },
  };
  const training = await module.train(run, {});
  for (let i = 0; i < training.steps; i += 1) await training.step(i);
  const saved = training.save();
  await training.dispose();
  return { run, saved };
}

test.each(['nalu', SECOND_ORDER])(
  'what %s is tested on plays no part in its training',
  async (cell) => {
    Object.assign(tested, { isReplaced: false, calls: 0 });
    const usual = await trained(cell);
    tested.isReplaced = true;
    const { run, saved } = await trained(cell);
    expect(tested.calls).toBe(0);
    expect(saved).toEqual(usual.saved);
    const { copies } = await module.evaluate(run, saved, {});
    expect(tested.calls).toBeGreaterThan(0);
    expect(copies.every(({ diverged }) => diverged)).toBe(true);
  },
);
