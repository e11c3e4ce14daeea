import { describe, expect, test } from 'vitest';
import { type AgentConfig, ConfigError, PRESETS } from '../../agent/config.ts';
import { createNetwork } from '../../agent/network.ts';
import { parseConfig } from '../../agent/pathways/configure.ts';
import { tinyRecipe } from './tiny.ts';

const world = { height: 56, width: 56, channels: 3, instruction: 1, actions: 5 };
const network = (config: Partial<AgentConfig>, of = world) =>
  createNetwork(parseConfig(config), of);

describe('the network', () => {
  // Convolutions 8·8·3·16 + 16 and 4·4·16·32 + 32; they leave 5 × 5 × 32 of 56 × 56. Then with D = H: dense 800·D + D,
  // the LSTM 4H·(D + H + 1), policy and value 6·H + 6, and 4H for each number that the pathway gives.
  test.each([
    ['small', 'baseline', 246_710, 256],
    ['small', 'nac-stateless', 246_710 + 2 * 16 + 16 * 512, 256],
    ['small', 'nac', 246_710 + 2 * 18 * 16 + 16 * 512, 272],
    ['a3c', 'baseline', 744_246, 512],
    ['a3c', 'nac-stateless', 744_246 + 2 * 16 + 16 * 1024, 512],
    ['a3c', 'nac', 744_246 + 2 * 18 * 16 + 16 * 1024, 528],
  ] as const)('%s, %s, has %i parameters and a state of %i', (preset, pathway, size, stateSize) => {
    const { layout, stateSize: actual } = network({ ...PRESETS[preset], pathway });
    expect(layout.size).toBe(size);
    expect(actual).toBe(stateSize);
  });

  test('names its parameters, the encoder’s first', () => {
    const { parameters, encoderNames, coreNames, driveSize } = network({ pathway: 'nac' });
    expect(parameters.map(({ name, shape }) => `${name} [${shape}]`)).toEqual([
      'conv1/filter [8,8,3,16]',
      'conv1/bias [16]',
      'conv2/filter [4,4,16,32]',
      'conv2/bias [32]',
      'dense/kernel [800,128]',
      'dense/bias [128]',
      'lstm/frame_kernel [128,512]',
      'lstm/bias [512]',
      'nac/w_hat [18,16]',
      'nac/m_hat [18,16]',
      'lstm/time_kernel [17,512]',
      'lstm/recurrent_kernel [128,512]',
      'policy/kernel [128,5]',
      'policy/bias [5]',
      'value/kernel [128,1]',
      'value/bias [1]',
    ]);
    expect([...encoderNames, ...coreNames]).toEqual(parameters.map(({ name }) => name));
    expect(encoderNames).toHaveLength(8);
    expect(driveSize).toBe(512);
  });

  test('with several pictures, the dense layer’s bias and all that follows belong to the core', () => {
    const { parameters, encoderNames, driveSize, stateSize } = network({
      ...{ pathway: 'nac', pictures: 3 },
    });
    const shapes = Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));
    expect(encoderNames.at(-1)).toBe('dense/kernel');
    expect(shapes['dense/kernel']).toEqual([800, 3 * 128]);
    expect(shapes['lstm/frame_kernel']).toEqual([128, 512]);
    expect(driveSize).toBe(3 * 128);
    expect(stateSize).toBe(272 + 2 * 128 + 1);
  });

  test.each([
    ['baseline', 0, [], undefined, 10],
    ['baseline', 3, [], [3, 20], 10],
    ['nac-stateless', 0, [], undefined, 10],
    ['nac-stateless', 2, [2, 3], [5, 20], 10],
    ['nac', 0, [4, 3], [3, 20], 13],
    ['nac', 3, [7, 3], [6, 20], 13],
  ] as const)('%s takes an instruction of %i numbers', (pathway, k, nac, time, stateSize) => {
    const { config, world } = tinyRecipe({ pathway }, { instruction: k });
    const made = createNetwork(config, world);
    const shapes = Object.fromEntries(made.parameters.map(({ name, shape }) => [name, shape]));
    expect(shapes['nac/w_hat'] ?? []).toEqual(nac);
    expect(shapes['lstm/time_kernel']).toEqual(time);
    expect(made.stateSize).toBe(stateSize);
  });

  test.each([
    [7, 56, 'convolution 1 looks at 8 × 8 pixels, but gets only 7 × 56 of the world’s 7 × 56'],
    [56, 19, 'convolution 2 looks at 4 × 4 pixels, but gets only 13 × 3 of the world’s 56 × 19'],
  ])('is refused for %i × %i pixels, with the numbers', (height, width, message) => {
    const make = () => network({}, { ...world, height, width });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message.replace('’', "'"));
  });

  test('takes the smallest pixels that its convolutions fit', () => {
    const { parameters } = network({}, { ...world, height: 20, width: 23 });
    expect(parameters.find(({ name }) => name === 'dense/kernel')?.shape).toEqual([32, 128]);
  });

  test('is refused for a world with nothing to choose', () => {
    const make = () => network({}, { ...world, actions: 1 });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow('the world offers 1 action');
  });
});
