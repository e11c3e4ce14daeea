import type { TrainingChoice } from '../../src/page/browser/training-messages.ts';

/** How a training in this browser stands. */
export interface TrainingState {
  readonly name: string;
  readonly choice: TrainingChoice;
  readonly stage: 'starting' | 'training' | 'stopping' | 'stopped' | 'finished' | 'failed';
  /** Why it failed, as a sentence. */
  readonly why: string;
  readonly frames: number;
  readonly totalFrames: number;
  readonly maxReward: number | null;
  /** Of the last episodes; null before any has ended. */
  readonly reward: number | null;
  readonly framesPerSecond: number;
}
