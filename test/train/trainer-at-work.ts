// Threads run the compiled code.

import { expect, onTestFinished } from 'vitest';
import { createTrainer } from '../../dist/src/train/shard-pool.js';
import type { Trainer } from '../../dist/src/train/trainer.js';
import type { TrainSettings } from '../../src/run/train-settings.ts';
import type { TrainerState } from '../../src/train/trainer.ts';

/** A trainer that is closed when the test is over. */
export async function newTrainer(settings: TrainSettings): Promise<Trainer> {
  const trainer = await createTrainer(settings);
  onTestFinished(() => trainer.close());
  return trainer;
}

/** What a training has come to at its end. */
export async function trained(settings: TrainSettings): Promise<TrainerState> {
  const trainer = await newTrainer(settings);
  while (!trainer.done) await trainer.update();
  return trainer.state();
}

/** The largest difference between two vectors. */
export function gap(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
