import type { AgentConfig } from './config.ts';

/** The weight of the pull once `frames` of `totalFrames` have been trained on: from zero at `pullFrom` to all of it at `roundAt`. */
export function pullAt(config: AgentConfig, frames: number, totalFrames: number): number {
  const { pull = 0, pullFrom = 0, roundAt = 1 } = config;
  const done = frames / totalFrames;
  if (done < pullFrom) return 0;
  return done >= roundAt ? pull : (pull * (done - pullFrom)) / (roundAt - pullFrom);
}

/** The options of a configuration by which a training depends on its total number of frames. */
export function schedulesOf({
  learningRateSchedule,
  pull = 0,
  roundAt = 1,
}: AgentConfig): string[] {
  return [
    ...(learningRateSchedule === 'constant' ? [] : ['learningRateSchedule']),
    ...(pull > 0 ? ['pullFrom'] : []),
    ...(pull > 0 || roundAt < 1 ? ['roundAt'] : []),
  ];
}

/** Whether weights are rounded once `frames` of `totalFrames` have been trained on. */
export function isRoundedAt(
  { roundAt = 1 }: AgentConfig,
  frames: number,
  totalFrames: number,
): boolean {
  return roundAt < 1 && frames >= roundAt * totalFrames;
}

/** Whether the step from `before` to `after` of `totalFrames` is the one after which weights are rounded. */
export const roundsAfter = (
  config: AgentConfig,
  before: number,
  after: number,
  totalFrames: number,
): boolean => isRoundedAt(config, after, totalFrames) && !isRoundedAt(config, before, totalFrames);

/** The learning rate once `frames` of `totalFrames` have been trained on. */
export function learningRateAt(config: AgentConfig, frames: number, totalFrames: number): number {
  if (config.learningRateSchedule === 'constant') return config.learningRate;
  return config.learningRate * Math.max(0, 1 - frames / totalFrames);
}
