import { NO_ADVANTAGES } from '../../agent/advantage-scale.ts';
import type { AgentConfig } from '../../agent/config.ts';
import { initialise, views } from '../../agent/parameters.ts';
import { programsFor } from '../../agent/programs.ts';
import { inspectWorld } from '../../env/index.ts';
import type { RunDescription } from '../../src/run/description.ts';
import { createRun, saveCheckpoint } from '../../src/run/training-run.ts';
import { toCheckpoint } from '../../src/train/trainer-checkpoint.ts';
import { configOf } from '../agent/tiny.ts';

export interface SavedRun {
  readonly config?: Partial<AgentConfig>;
  readonly env?: string;
  readonly envOptions?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly frames?: number;
  readonly totalFrames?: number;
}

/** The smallest timed grid that is still one, with a network to match. */
export const TINY_GRID = { size: 3, pixels: 12, timeMin: 2, timeMax: 4, slack: 4 };
const TINY_NETWORK = {
  convolutions: [{ filters: 4, size: 4, stride: 4 }],
  dense: 8,
  lstm: 8,
  nacWidth: 3,
};

/** What `run.json` says of such a run. */
export function describe({
  config,
  env = 'TimedGrid-v0',
  envOptions = TINY_GRID,
  seed = 1,
  totalFrames = 1000,
}: SavedRun = {}): RunDescription {
  const { options, shape } = inspectWorld(env, envOptions as never);
  return {
    command: ['timegrid', 'train'],
    created: '2026-01-01T00:00:00.000Z',
    versions: {},
    settings: {
      config: configOf({ ...TINY_NETWORK, ...config }),
      env: { id: env, options: options as never },
      seed,
      totalFrames,
      shards: 1,
      engine: 'onnx',
    },
    checkpointFrames: 1000,
    world: shape,
  };
}

/** Saves an agent that was never trained, but that does not act as evenly as such agents do. */
export function saveRun(path: string, what: SavedRun = {}): void {
  const description = describe(what);
  const { config, seed, totalFrames } = description.settings;
  const { network } = programsFor({ config, world: description.world });
  const parameters = new Float32Array(network.layout.size);
  initialise(network.parameters, seed, parameters);
  const { 'policy/kernel': policy } = views(network.layout, parameters);
  for (let i = 0; i < policy!.length; i++) policy![i]! *= 500;
  const frames = what.frames ?? totalFrames;
  const run = createRun(path, description);
  const state = {
    frames,
    optimizerCount: 0,
    parameters,
    slots: {},
    advantages: NO_ADVANTAGES,
    shards: [],
  };
  saveCheckpoint(run, { frames, ...toCheckpoint(state, network.layout), isBest: true });
  run.close();
}
