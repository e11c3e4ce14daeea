import { expect, test, vi } from 'vitest';
import { digits } from '../../../src/numeracy/digits/digits.ts';
import type { DigitsSettings } from '../../../src/numeracy/digits/settings.ts';
import { settingsOf } from '../../../src/numeracy/task-settings.ts';
import { tiny } from '../tiny.ts';

const tested = vi.hoisted(() => ({ isReplaced: false, calls: 0 }));
vi.mock(import('../../../src/numeracy/digits/digit-data.ts'), async (original) => {
  const data = await original();
  return {
    ...data,
    measuringDigits(...given) {
      tested.calls += 1;
      const { validation, test } = data.measuringDigits(...given);
      const blank = { ...test, images: test.images.map(() => 0) };
      return { validation, test: tested.isReplaced ? blank : test };
    },
  };
});
vi.mock(import('../../../src/numeracy/digits/streams.ts'), async (original) => {
  const streams = await original();
  return {
    ...streams,
    drawStreams(...given) {
      tested.calls += 1;
      return streams.drawStreams(...given);
    },
  };
});

async function trained() {
  const settings = settingsOf(digits as never, { ...tiny.digits, seeds: [1, 2] });
  const [run] = await digits.runs(settings as DigitsSettings, {});
  const training = await digits.train(run!, {});
  for (let i = 0; i < training.steps; i += 1) await training.step(i);
  const saved = training.save();
  await training.dispose();
  return { run: run!, saved };
}

test('what models are tested on plays no part in their training', async () => {
  const usual = await trained();
  const result = await digits.evaluate(usual.run, usual.saved, {});
  tested.isReplaced = true;
  tested.calls = 0;
  const { run, saved } = await trained();
  expect(tested.calls).toBe(0);
  expect(saved).toEqual(usual.saved);
  const blank = await digits.evaluate(run, saved, {});
  expect(tested.calls).toBeGreaterThan(0);
  expect(blank.copies[0]!.tests).not.toEqual(result.copies[0]!.tests);
});
