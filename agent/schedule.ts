import type { AgentConfig } from './config.ts';

/** The learning rate once `frames` of `totalFrames` have been trained on. */
export function learningRateAt(config: AgentConfig, frames: number, totalFrames: number): number {
  if (config.learningRateSchedule === 'constant') return config.learningRate;
  return config.learningRate * Math.max(0, 1 - frames / totalFrames);
}
