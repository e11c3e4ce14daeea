import { expect, test } from 'vitest';
import { trainSettingsSchema } from '../../src/run/train-settings.ts';
import { resolveSettingsFor } from '../../src/train/resolve-settings.ts';

test('a run that is older than some options was trained without what they add', () => {
  const settings = resolveSettingsFor({ agent: 'nac-counter', set: { pictures: 3 } }, 1);
  expect(settings.config).toMatchObject({ pictures: 3, warmup: 0.075, normalizeAdvantages: true });
  const { pictures, warmup, normalizeAdvantages, ...older } = settings.config;
  expect(trainSettingsSchema.parse({ ...settings, config: older }).config).toMatchObject({
    ...older,
    ...{ pictures: 1, warmup: 0, normalizeAdvantages: false },
  });
  expect(trainSettingsSchema.parse(settings)).toEqual(settings);
});
