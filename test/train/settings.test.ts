import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentConfigSchema, PRESETS } from '../../agent/config.ts';
import { errorMessage } from '../../src/common/error-message.ts';
import { refuseChanges, resolveSettings, type TrainOptions } from '../../src/train/settings.ts';
import { temporaryFolder } from '../run/temporary.ts';

function file(content: string): string {
  const path = join(temporaryFolder(), 'config.json');
  fs.writeFileSync(path, content);
  return path;
}

/** What a person is told of wishes that cannot be. */
function refusal(action: () => unknown): { message: string; exitCode: number } {
  try {
    action();
  } catch (error) {
    return errorMessage(error);
  }
  throw new Error('it was not refused');
}

describe('resolveSettings', () => {
  test('without wishes gives the defaults, all written out', () => {
    const settings = resolveSettings({ shards: 2 });
    expect(settings).toMatchObject({ seed: 1, totalFrames: 2_000_000, shards: 2, engine: 'onnx' });
    expect(settings.config).toEqual(agentConfigSchema.parse({}));
    expect(settings.env).toMatchObject({ id: 'TimedGrid-v0', options: { size: 5, pixels: 56 } });
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });

  test('a single key outranks the file, the file the preset, the preset the defaults', () => {
    const configFile = file('{"lstm": 200, "steps": 5}');
    const { config } = resolveSettings({ preset: 'a3c', configFile, set: { steps: 6 } });
    expect(config).toMatchObject({ dense: PRESETS.a3c.dense, lstm: 200, steps: 6, worlds: 32 });
    expect(resolveSettings({ pathway: 'baseline' }).config.pathway).toBe('baseline');
  });

  test.each<[string, () => TrainOptions, RegExp]>([
    [
      'an unknown key',
      () => ({ set: { learningrate: 1 } }),
      /"learningrate"; did you mean "learningRate"/,
    ],
    [
      'an unknown key in a file',
      () => ({ configFile: file('{"lsmt": 64}') }),
      /"lsmt"; did you mean "lstm"/,
    ],
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
      'a half-made convolution',
      () => ({ set: { convolutions: [{ filters: 8 }] } }),
      /takes a list such as/,
    ],
    ['an unknown world', () => ({ env: 'TimedGird-v0' }), /no world "TimedGird-v0".*TimedGrid-v0/],
    [
      'an unknown option of the world',
      () => ({ envOptions: { pixel: 24 } }),
      /"pixel"; did you mean "pixels"/,
    ],
    [
      'options at odds',
      () => ({ envOptions: { timeMin: 9, timeMax: 5 } }),
      /timeMin \(9\) must be at most timeMax \(5\)/,
    ],
    [
      'a file that is not JSON',
      () => ({ configFile: file('lstm = 64') }),
      /config\.json is not JSON/,
    ],
    [
      'a file that holds a list',
      () => ({ configFile: file('[64]') }),
      /config\.json holds no configuration: it takes an object/,
    ],
    [
      'more threads than worlds',
      () => ({ shards: 40 }),
      /^40 threads cannot share 32 worlds: give --threads 32 or fewer, or --set worlds=40/,
    ],
  ])('%s is a mistake that is named', (_, wishes, message) => {
    expect(refusal(() => resolveSettings(wishes()))).toEqual({
      message: expect.stringMatching(message),
      exitCode: 2,
    });
  });

  test('a file that is missing is one sentence', () => {
    expect(refusal(() => resolveSettings({ configFile: '/nowhere/config.json' }))).toEqual({
      message: expect.stringMatching(
        /^cannot read the configuration \/nowhere\/config\.json: it does not exist/,
      ),
      exitCode: 1,
    });
  });
});

describe('refuseChanges', () => {
  const wishes: TrainOptions = {
    shards: 2,
    preset: 'a3c',
    set: { steps: 5 },
    envOptions: { size: 4 },
  };
  const run = { settings: resolveSettings(wishes), checkpointFrames: 100 };

  test('lets pass what the run was started with, by whatever way it is said', () => {
    refuseChanges('runs/x', run, {});
    refuseChanges('runs/x', run, {
      ...wishes,
      seed: 1,
      env: 'TimedGrid-v0',
      checkpointFrames: 100,
    });
    const convolutions = run.settings.config.convolutions.map(({ stride, size, filters }) => ({
      size,
      filters,
      stride,
    }));
    refuseChanges('runs/x', run, {
      set: { dense: 256, convolutions },
      configFile: file('{"lstm": 256}'),
    });
  });

  test.each<[Parameters<typeof refuseChanges>[2], string]>([
    [{ seed: 2 }, '--seed 1, not 2'],
    [{ totalFrames: 5 }, '--frames 2000000, not 5'],
    [{ shards: 1 }, '--threads 2, not 1'],
    [{ engine: 'cpu' }, '--engine onnx, not cpu'],
    [{ checkpointFrames: 7 }, '--checkpoint-every 100, not 7'],
    [{ pathway: 'baseline' }, '--agent nac, not baseline'],
    [{ preset: 'small' }, '--set dense=256, not 128'],
    [{ set: { steps: 6 } }, '--set steps=5, not 6'],
    [{ envOptions: { size: 5 } }, '--env-option size=4, not 5'],
  ])('names what contradicts: %j', (changes, difference) => {
    expect(refusal(() => refuseChanges('runs/x', run, changes))).toEqual({
      message: `runs/x was started with ${difference}, and can only go on as it was started: leave that out, or start another run`,
      exitCode: 2,
    });
  });

  test('a key that there is not is named as such', () => {
    expect(refusal(() => refuseChanges('runs/x', run, { set: { step: 5 } })).message).toContain(
      'did you mean "steps"',
    );
  });
});
