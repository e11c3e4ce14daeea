import { expect, test } from 'vitest';
import { digits } from '../../../src/numeracy/digits/digits.ts';
import type { DigitsSettings } from '../../../src/numeracy/digits/settings.ts';
import { settingsOf } from '../../../src/numeracy/task-settings.ts';

test('an accumulator that learned from ten digits counts a thousand; an LSTM loses count', async () => {
  const given = { questions: 'count', cells: 'nac,lstm', seeds: [1], learningRate: 0.005 };
  const size = { iterations: 500, drawn: 5000, lengths: [10, 1000], pictures: 20_000 };
  const settings = settingsOf(digits as never, { ...given, ...size });
  const runs = await digits.runs(settings as DigitsSettings, {});
  const [nac, lstm] = await Promise.all(
    runs.map(async (run) => {
      const training = await digits.train(run, {});
      for (let i = 0; i < training.steps; i += 1) await training.step(i);
      const { copies } = await digits.evaluate(run, training.save(), {});
      await training.dispose();
      return copies[0]!;
    }),
  );
  expect(nac!.read).toBeGreaterThan(0.95);
  const [near, far] = nac!.tests;
  expect(near!.error).toBeLessThan(0.3);
  expect(far!.error).toBeLessThan(5);
  expect(far!.roundedError).toBeLessThan(5);
  expect(lstm!.tests[1]!.error).toBeGreaterThan(80);
}, 240_000);
