import * as z from 'zod';
import { PRESETS, type PresetName } from '../../agent/config.ts';
import { ENGINES } from '../../agent/engines/engine.ts';
import { parseOptions } from '../../env/index.ts';
import { type CheckpointName, checkpointNames } from '../run/checkpoint-names.ts';
import { LEAST_KEPT, MOST_KEPT } from '../run/kept-points.ts';
import { MOST_THREADS } from '../run/train-settings.ts';
import type { SettingsOptions } from './resolve-settings.ts';

/** A training, named as in `timegrid train`. Each option has a default. */
export interface TrainOptions extends SettingsOptions {
  /** The world: an id, a file such as `./my-world.ts`, or `some-package#World`; `TimedGrid-v0` by default. */
  readonly env?: string | undefined;
  /** The run's folder; `runs/<agent>-<seed>` by default. */
  readonly run?: string | undefined;
  /** A run whose agent, as last saved, gives the first parameters; optimiser, seeds and frames start afresh. Drawn at random by default. */
  readonly initFrom?: string | undefined;
  /** Frames between two checkpoints; 100,000 by default. */
  readonly checkpointEvery?: number | undefined;
  /**
   * Checkpoints to keep, spread evenly from the first to the last frame, to watch how the agent has learned: parameters alone, in the
   * run's folder `kept`. None by default; with `resume`, as before. The result is the same.
   */
  readonly keep?: number | undefined;
  /** Extra threads that step the worlds of each training thread, for slow worlds; none by default. The result is the same. */
  readonly envWorkers?: number | undefined;
  /**
   * Whether to resume the run in the folder, with the settings that it was started with: from the last checkpoint, or the one
   * named here; anything later is lost. More `frames` than it was started with extend it. The result has the bits of a run
   * that was started with so many, unless its schedules depend on them: a linear `learningRateSchedule`, a `warmup`, a linear `entropySchedule`, a `pull`, a `roundAt` below 1.
   */
  readonly resume?: boolean | CheckpointName | undefined;
  /** Resume even if the world has changed; all episodes then start again. */
  readonly allowChangedWorld?: boolean | undefined;
  /** With `resume`: import whatever code the run names. */
  readonly allowCode?: boolean | undefined;
  /** Whether to replace the run in the folder. */
  readonly overwrite?: boolean | undefined;
  /** The command line that started it, for the record in `run.json`; none by default. */
  readonly command?: readonly string[] | undefined;
}

const field = <Type extends z.ZodType>(type: Type, description: string, takes?: string) =>
  type
    .optional()
    .describe(description)
    .meta(takes === undefined ? {} : { takes });
const string = (description: string) => field(z.string(), description, 'a string');
const flag = (description: string) => field(z.boolean(), description);
const values = (description: string) =>
  field(z.record(z.string(), z.unknown()), description, 'an object of names and values');

const schema = z.strictObject({
  agent: string('the agent'),
  preset: field(z.enum(Object.keys(PRESETS) as PresetName[]), 'sizes of the network'),
  set: values("keys of the agent's configuration"),
  env: string('the world'),
  envOptions: values('options of the world'),
  seed: field(z.int().min(0), 'random seed'),
  frames: field(z.int().min(1), 'frames to train on'),
  threads: field(z.int().min(1).max(MOST_THREADS), 'threads that share the worlds'),
  engine: field(z.enum(ENGINES), 'what computes'),
  run: string("the run's folder"),
  initFrom: string('the run whose agent gives the first parameters'),
  checkpointEvery: field(z.int().min(1), 'frames between two checkpoints'),
  keep: field(z.int().min(LEAST_KEPT).max(MOST_KEPT), 'checkpoints to keep of the whole training'),
  envWorkers: field(z.int().min(0).max(64), 'further threads that step the worlds'),
  resume: field(
    z.union([z.boolean(), z.enum(checkpointNames)]),
    'resume the run in the folder',
    `true, false, or a checkpoint: ${checkpointNames.join(', ')}`,
  ),
  allowChangedWorld: flag('resume even if the world has changed'),
  allowCode: flag('import the code that the run names'),
  overwrite: flag('replace the run in the folder'),
  command: field(z.array(z.string()), 'the command line, for the record', 'a list of strings'),
} satisfies Record<keyof TrainOptions, z.ZodType>);

/** @throws OptionError for an unknown option, naming the closest one, or a value out of range */
export const checkTrainOptions = (options: TrainOptions): void =>
  void parseOptions('train', schema, options);
