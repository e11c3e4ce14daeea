import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PresetName } from '../../agent/config.ts';
import type { EngineName } from '../../agent/engines/engine.ts';
import { Failure } from '../common/errors.ts';
import type { WorldChoice } from '../plugins/worlds.ts';
import type { Budget, Spread } from './measure.ts';

/** What to train, and for how long. */
export interface TrainingRequest extends Budget {
  readonly engine: EngineName;
  readonly preset: PresetName;
  readonly world: WorldChoice;
  readonly threads: number;
}

/** How fast a whole training goes: worlds, acting, learning, optimiser, over all threads. */
export interface TrainingResult {
  readonly engine: EngineName;
  readonly preset: PresetName;
  readonly world: Pick<WorldChoice, 'id' | 'options'>;
  readonly threads: number;
  readonly worlds: number;
  readonly steps: number;
  /** Distinct frames of a rollout as a share of all. */
  readonly distinctShare: number;
  readonly framesPerSecond: Spread;
  /** The most memory that the process ever had, in bytes. */
  readonly peakMemory: number;
}

/**
 * Trains in a fresh process that does nothing else, so that its memory is the training's own.
 * @throws Failure with the reason where the process fails
 */
export async function trainingFramesPerSecond(request: TrainingRequest): Promise<TrainingResult> {
  const program = fileURLToPath(new URL('./training-process.js', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      program,
      JSON.stringify(request),
    ]);
    return JSON.parse(stdout) as TrainingResult;
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    const reason = /^\w*Error.*$/m.exec(stderr)?.[0] ?? message;
    throw new Failure(
      `training the preset ${request.preset} in ${request.threads} threads failed: ${reason}`,
    );
  }
}
