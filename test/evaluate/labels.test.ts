import { describe, expect, test } from 'vitest';
import { PRESETS } from '../../agent/config.ts';
import { agentLabels } from '../../src/evaluate/labels.ts';
import { describe as describeRun, type SavedRun } from './saved-run.ts';

/** The whole configuration usual but for what is given. */
const usual = {
  convolutions: undefined,
  ...PRESETS.small,
  nacWidth: undefined,
} satisfies SavedRun['config'];

function labels(...runs: (SavedRun & { readonly name?: never })[]): string[] {
  return agentLabels(
    runs.map(({ config, ...run }) =>
      describeRun({ envOptions: {}, ...run, config: { ...usual, ...config } }),
    ),
  );
}

describe('an agent is named by its pathway', () => {
  test('whatever its seed', () => {
    const config = { pathway: 'baseline' } as const;
    expect(labels({ config, seed: 1 }, { config, seed: 2 })).toEqual(['baseline', 'baseline']);
  });

  test('however different agents of other pathways are', () => {
    expect(
      labels(
        { config: { pathway: 'baseline', lstm: 64 } },
        { config: { pathway: 'nac', discount: 0.9 }, totalFrames: 5 },
      ),
    ).toEqual(['baseline', 'nac']);
  });
});

describe('agents that share a pathway are named by what differs', () => {
  test('a preset by its name', () => {
    expect(labels({}, { config: PRESETS.a3c }, { config: PRESETS.a3c, seed: 2 })).toEqual([
      'nac',
      'nac (a3c)',
      'nac (a3c)',
    ]);
  });

  test('any other setting by its key and value, the usual one left out', () => {
    expect(
      labels(
        {},
        { config: { lstm: 64 } },
        { config: { ...PRESETS.a3c, discount: 0.9 } },
        { config: { optimizer: 'rmsprop' } },
      ),
    ).toEqual(['nac', 'nac, lstm 64', 'nac (a3c), discount 0.9', 'nac, optimizer rmsprop']);
  });

  test('what all of them share is left out', () => {
    expect(labels({ config: { lstm: 64 } }, { config: { lstm: 64, entropyBonus: 0 } })).toEqual([
      'nac',
      'nac, entropyBonus 0',
    ]);
  });

  test('the options of their worlds and the length of their training', () => {
    expect(labels({}, { envOptions: { timeMax: 20 } })).toEqual(['nac', 'nac, timeMax 20']);
    expect(labels({ totalFrames: 2e6 }, { totalFrames: 2_000_640 })).toEqual([
      'nac, 2 M frames',
      'nac, 2000640 frames',
    ]);
  });

  test('two agents that differ never share a name', () => {
    const runs: SavedRun[] = [64, 128, 256].flatMap((lstm) =>
      [128, 256].flatMap((dense) =>
        [1e6, 1.5e6].map((totalFrames) => ({ config: { lstm, dense }, totalFrames })),
      ),
    );
    expect(new Set(labels(...runs)).size).toBe(runs.length);
  });
});
