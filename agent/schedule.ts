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
  warmup,
  entropySchedule,
  pull = 0,
  roundAt = 1,
}: AgentConfig): string[] {
  return [
    ...(learningRateSchedule === 'constant' ? [] : ['learningRateSchedule']),
    ...(warmup > 0 ? ['warmup'] : []),
    ...(entropySchedule === 'constant' ? [] : ['entropySchedule']),
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

/** The learning rate of the update after `frames` of `totalFrames`. @param step frames of an update */
export function learningRateAt(
  { learningRate, learningRateSchedule, warmup }: AgentConfig,
  frames: number,
  totalFrames: number,
  step: number,
): number {
  const rise = Math.min(1, (frames + step) / (warmup * totalFrames));
  const fall = learningRateSchedule === 'constant' ? 1 : Math.max(0, 1 - frames / totalFrames);
  return learningRate * (warmup > 0 ? rise : 1) * fall;
}

/** The entropy bonus once `frames` of `totalFrames` have been trained on. */
export function entropyBonusAt(
  { entropyBonus, entropySchedule, entropyLeft }: AgentConfig,
  frames: number,
  totalFrames: number,
): number {
  if (entropySchedule === 'constant') return entropyBonus;
  return entropyBonus * Math.max(entropyLeft, 1 - (1 - entropyLeft) * (frames / totalFrames));
}
