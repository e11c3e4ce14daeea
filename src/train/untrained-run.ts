import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { NO_ADVANTAGES } from '../../agent/advantage-scale.ts';
import { initialise } from '../../agent/parameters.ts';
import { programsFor } from '../../agent/programs.ts';
import { findWorld } from '../plugins/worlds.ts';
import { createRun, saveCheckpoint } from '../run/training-run.ts';
import { resolveSettings } from './settings.ts';
import { describeTraining } from './train.ts';
import { toCheckpoint } from './trainer-checkpoint.ts';

/** An untrained agent in a temporary run, to watch and play a world before any training. */
export interface UntrainedRun {
  readonly path: string;
  remove(): void;
}

/**
 * @param reference the id, file or package of the world
 * @throws UsageError or OptionError for a world that does not exist, or that no agent can act in
 */
export async function makeUntrainedRun(reference: string): Promise<UntrainedRun> {
  const { spec } = await findWorld(reference);
  const settings = resolveSettings({ agent: 'baseline', env: spec.id, threads: 1 });
  const { config, seed, totalFrames } = settings;
  const description = await describeTraining(
    settings,
    ['timegrid', ...process.argv.slice(2)],
    totalFrames,
  );
  const { network } = programsFor({ config, world: description.world });
  const parameters = new Float32Array(network.layout.size);
  initialise(network.parameters, seed, parameters);
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'timegrid-untrained-'));
  const path = join(folder, 'untrained');
  const run = createRun(path, description);
  const state = {
    frames: 0,
    optimizerCount: 0,
    parameters,
    slots: {},
    advantages: NO_ADVANTAGES,
    shards: [],
  };
  saveCheckpoint(run, { frames: 0, ...toCheckpoint(state, network.layout), isBest: true });
  run.close();
  return { path, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}
