import type { TrainSettings } from '../../src/run/description.ts';
import { resolveSettings, type TrainOptions } from '../../src/train/settings.ts';

/** A world and an agent so small that a thousand frames take a moment. */
const world = { size: 3, pixels: 24, timeMin: 3, timeMax: 6 };
export const tiny = {
  convolutions: [{ filters: 8, size: 4, stride: 4 }],
  dense: 16,
  lstm: 16,
  nacWidth: 4,
  worlds: 16,
  steps: 10,
};

/** Frames of one update of the tiny agent. */
export const UPDATE = tiny.worlds * tiny.steps;

/** Settings of a tiny training. */
export function tinySettings(wishes: TrainOptions = {}): TrainSettings {
  return resolveSettings({
    shards: 1,
    totalFrames: 5 * UPDATE,
    ...wishes,
    envOptions: wishes.env ? wishes.envOptions : { ...world, ...wishes.envOptions },
    set: { ...tiny, ...wishes.set },
  });
}

const pairs = (values: object): string[] =>
  Object.entries(values).map(([key, value]) => `${key}=${JSON.stringify(value)}`);

/** The options that make `timegrid train` train a tiny agent, and those that make its world tiny. */
export const tinyAgent: readonly string[] = ['--set', ...pairs(tiny)];
export const tinyWorld: readonly string[] = ['--env-option', ...pairs(world)];
