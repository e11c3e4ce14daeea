import type { TrainSettings } from '../../src/run/train-settings.ts';
import type { SettingsOptions } from '../../src/train/resolve-settings.ts';
import { resolveSettings } from '../../src/train/settings.ts';

/** A world and an agent so small that a thousand frames take a moment. */
const world = { size: 3, pixels: 24, timeMin: 3, timeMax: 6 };
export const tiny = {
  convolutions: [{ filters: 8, size: 4, stride: 4 }],
  dense: 16,
  lstm: 16,
  worlds: 16,
  steps: 10,
};

/** Frames of one update of the tiny agent. */
export const UPDATE = tiny.worlds * tiny.steps;

/** The options of a tiny training, of five updates on one thread. */
export const tinyOptions = (options: SettingsOptions = {}): SettingsOptions => ({
  threads: 1,
  frames: 5 * UPDATE,
  ...options,
  envOptions: options.env ? options.envOptions : { ...world, ...options.envOptions },
  set: { ...tiny, ...options.set },
});

/** Settings of a tiny training. */
export const tinySettings = (options: SettingsOptions = {}): TrainSettings =>
  resolveSettings(tinyOptions(options));

const pairs = (values: object): string[] =>
  Object.entries(values).map(([key, value]) => `${key}=${JSON.stringify(value)}`);

/** The options that make `timegrid train` train a tiny agent, and those that make its world tiny. */
export const tinyAgent: readonly string[] = ['--set', ...pairs(tiny)];
export const tinyWorld: readonly string[] = ['--env-option', ...pairs(world)];
