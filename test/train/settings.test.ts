import { describe, expect, test } from 'vitest';
import { PRESETS } from '../../agent/config.ts';
import { parseConfig } from '../../agent/pathways/configure.ts';
import type { SettingsOptions } from '../../src/train/resolve-settings.ts';
import { extendedFrames, requireUnchanged, resolveSettings } from '../../src/train/settings.ts';

describe('resolveSettings', () => {
  test('fills in every default', () => {
    const settings = resolveSettings({ threads: 2 });
    expect(settings).toMatchObject({ seed: 1, totalFrames: 2_000_000, shards: 2, engine: 'onnx' });
    expect(settings.config).toEqual(parseConfig({}));
    expect(settings.env).toMatchObject({ id: 'TimedGrid-v0', options: { size: 5, pixels: 56 } });
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });

  test('a single key overrides the preset, the preset the defaults', () => {
    const settings = resolveSettings({ preset: 'a3c', set: { lstm: 200 } });
    expect(settings.config).toMatchObject({ dense: PRESETS.a3c.dense, lstm: 200, worlds: 32 });
    expect(resolveSettings({ agent: 'baseline' }).config.pathway).toBe('baseline');
  });

  test('halves the learning rate where pictures have more than 56 × 56 pixels, unless it is set', () => {
    const rate = (options: SettingsOptions) => resolveSettings(options).config.learningRate;
    expect(rate({ env: 'TimedGrid-9x9-v0' })).toBe(0.001);
    expect(rate({ env: 'TimedGrid-9x9-v0', agent: 'nac-counter', preset: 'a3c' })).toBe(0.001);
    expect(rate({ envOptions: { pixels: 112 } })).toBe(0.001);
    expect(rate({ envOptions: { pixels: 57 } })).toBe(0.001);
    expect(rate({ envOptions: { pixels: 56 } })).toBe(0.002);
    expect(rate({ env: 'TimedGrid-9x9-v0', set: { learningRate: 0.003 } })).toBe(0.003);
  });

  test.each<[string, () => SettingsOptions, RegExp]>([
    ['an unknown key', () => ({ set: { learningrate: 1 } }), /did you mean "learningRate"/],
    [
      'a value out of range',
      () => ({ set: { discount: 1.5 } }),
      /"discount" .* takes a number from 0 to 1, not 1.5/,
    ],
    [
      'a value of another type',
      () => ({ set: { lstm: 'big' } }),
      /"lstm" .* takes a whole number.*, not "big"/,
    ],
    [
      'an incomplete convolution',
      () => ({ set: { convolutions: [{ filters: 8 }] } }),
      /takes a list such as/,
    ],
    ['an unknown world', () => ({ env: 'TimedGird-v0' }), /no world "TimedGird-v0".*TimedGrid-v0/],
    ['an unknown world option', () => ({ envOptions: { pixel: 24 } }), /did you mean "pixels"/],
    [
      'options that contradict each other',
      () => ({ envOptions: { timeMin: 9, timeMax: 5 } }),
      /timeMin \(9\) must be at most timeMax \(5\)/,
    ],
    [
      'more threads than worlds',
      () => ({ threads: 40 }),
      /^40 threads cannot share 32 worlds: give --threads 32 or fewer, or --set worlds=40/,
    ],
  ])('%s is named in one sentence', (_, options, message) => {
    expect(() => resolveSettings(options())).toThrow(message);
  });
});

describe('requireUnchanged', () => {
  const started: SettingsOptions = {
    ...{ threads: 2, preset: 'a3c', set: { steps: 5 }, envOptions: { size: 4 } },
  };
  const run = { settings: resolveSettings(started), checkpointFrames: 100 };

  test('accepts what the run was started with, in any form', () => {
    requireUnchanged('runs/x', run, {});
    requireUnchanged('runs/x', run, {
      ...{ ...started, seed: 1, env: 'TimedGrid-v0', checkpointEvery: 100 },
    });
    const convolutions = run.settings.config.convolutions.map(({ stride, size, filters }) => ({
      ...{ size, filters, stride },
    }));
    requireUnchanged('runs/x', run, {
      set: { dense: 256, lstm: 256, convolutions },
    });
  });

  test.each<[Parameters<typeof requireUnchanged>[2], string]>([
    [{ seed: 2 }, '--seed 1, not 2'],
    [{ threads: 1 }, '--threads 2, not 1'],
    [{ engine: 'cpu' }, '--engine onnx, not cpu'],
    [{ checkpointEvery: 7 }, '--checkpoint-every 100, not 7'],
    [{ agent: 'baseline' }, '--agent nac, not baseline'],
    [{ preset: 'small' }, '--set dense=256, not 128'],
    [{ set: { steps: 6 } }, '--set steps=5, not 6'],
    [{ envOptions: { size: 5 } }, '--env-option size=4, not 5'],
  ])('names what differs: %j', (changes, difference) => {
    expect(() => requireUnchanged('runs/x', run, changes)).toThrow(
      `runs/x was started with ${difference}: leave that option out to resume it, or start another run`,
    );
  });

  test('leaves the frames to an extension', () => {
    requireUnchanged('runs/x', run, { frames: 5 });
    expect(extendedFrames('runs/x', 1000)).toBe(1000);
    expect(extendedFrames('runs/x', 1000, 4000)).toBe(4000);
    expect(() => extendedFrames('runs/x', 1000, 999)).toThrow(
      'runs/x was started with --frames 1000 and can be extended, but not shortened to 999: give more, or leave that option out',
    );
  });

  test('names an unknown key', () => {
    expect(() => requireUnchanged('runs/x', run, { set: { step: 5 } })).toThrow(
      'did you mean "steps"',
    );
  });
});
