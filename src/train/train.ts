import { randomUUID } from 'node:crypto';
import { makeBlueprint } from '../../agent/blueprint.ts';
import type { WorldShape } from '../../agent/config.ts';
import { schedulesOf } from '../../agent/schedule.ts';
import { placeOf } from '../../env/guard/thrown.ts';
import { inspectWorld } from '../../env/index.ts';
import { Failure, UsageError } from '../common/errors.ts';
import { versions } from '../common/machine.ts';
import { pathwaySourceOf } from '../plugins/known-pathway.ts';
import { findPluginsOfRun, requireOwnPathway, trustPlugins } from '../plugins/of-run.ts';
import { findPathway } from '../plugins/pathways.ts';
import { readReference } from '../plugins/reference.ts';
import { findWorld } from '../plugins/worlds.ts';
import { descriptionOf, type RunDescription } from '../run/description.ts';
import { openRun } from '../run/folder.ts';
import { hasCheckpoint } from '../run/load-checkpoint.ts';
import { settleLock } from '../run/lock.ts';
import { requireSameShape } from '../run/require-same-shape.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import { createRun, replaceDescription, resumeRun, type TrainingRun } from '../run/training-run.ts';
import { Logbook, type ResumePoint, type TrainProgress } from './logbook.ts';
import { onDisk } from './on-disk.ts';
import { checkTrainOptions, type TrainOptions } from './options.ts';
import { DEFAULT_AGENT } from './resolve-settings.ts';
import {
  extendedFrames,
  idleKeys,
  refuseIdleKeys,
  requireUnchanged,
  resolveSettings,
} from './settings.ts';
import { createTrainer } from './shard-pool.ts';
import type { Trainer } from './trainer.ts';
import { createPulse, onUnresponsive } from './unresponsive.ts';

/** How a program follows a training, and stops it. */
export interface TrainCallbacks {
  /** Called once, before the first update; an error that it throws ends the training. */
  onStart?(training: { readonly run: string; readonly settings: TrainSettings }): unknown;
  /** Called about every 6,400 frames, and at the end. */
  onProgress?(progress: TrainProgress): void;
  /** Called with a sentence for a person to read, such as that the world has changed. */
  onNote?(sentence: string): void;
  /** Stops the training after the current update; the run is saved and can be resumed. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds before an unresponsive world is reported through `onNote`, once; 30 by default. */
  readonly worldTimeout?: number | undefined;
}

export interface TrainResult {
  /** The run's folder. */
  readonly run: string;
  /** Frames trained so far. */
  readonly frames: number;
  /** Whether the training is complete. */
  readonly finished: boolean;
}

/** A training whose options have been checked. */
interface Training {
  readonly description: RunDescription;
  /** Opens and locks its folder. */
  open(): OpenTraining;
}

interface OpenTraining {
  readonly run: TrainingRun;
  /** Where it resumes; undefined at its beginning. */
  readonly start?: ResumePoint | undefined;
  /** The parameters to begin with, float32 [P]; drawn from the seed where there are none. */
  readonly parameters?: Float32Array | undefined;
}

const CHECKPOINT_FRAMES = 100_000;
const WORLD_TIMEOUT = 30;

/**
 * Trains an agent and saves it as a run, or resumes the training of one.
 * @throws UsageError, OptionError, ConfigError or EngineUnavailable for invalid options, before anything is written
 * @throws Failure if a file cannot be written, the loss diverges or a world fails; the last checkpoint is kept
 */
export async function train(
  options: TrainOptions = {},
  callbacks: TrainCallbacks = {},
): Promise<TrainResult> {
  checkTrainOptions(options);
  const path = options.run ?? (await usualFolder(options));
  const { resume = false, allowChangedWorld } = options;
  if (allowChangedWorld && !resume) {
    throw new UsageError(
      'a changed world can be allowed only for a run that is resumed: give --resume, too',
    );
  }
  if (resume && options.overwrite) {
    throw new UsageError(`${path} can be resumed or overwritten, not both`);
  }
  if (resume && options.initFrom !== undefined) {
    throw new UsageError(
      `${path} continues from its own checkpoint when it is resumed: leave out --init-from, or --resume`,
    );
  }
  const training = resume
    ? await findTraining(path, options, callbacks.onNote)
    : await newTraining(path, options, callbacks.onNote);
  const { description } = training;
  await callbacks.onStart?.({ run: path, settings: description.settings });
  await trustPlugins(description.id, description.settings).catch(({ message }: Error) =>
    callbacks.onNote?.(`${message}; later commands will ask for --env, --agent or --allow-code`),
  );
  await settleLock(path, callbacks.onNote);
  return runTraining(training.open(), description, options.envWorkers, callbacks);
}

async function usualFolder({ agent = DEFAULT_AGENT, seed = 1 }: TrainOptions): Promise<string> {
  return `runs/${(await findPathway(agent)).spec.id}-${seed}`;
}

async function newTraining(
  path: string,
  options: TrainOptions,
  note: TrainCallbacks['onNote'],
): Promise<Training> {
  const { checkpointEvery = CHECKPOINT_FRAMES, keep, command = [], overwrite = false } = options;
  const env = options.env && (await findWorld(options.env)).spec.id;
  const agent = options.agent && (await findPathway(options.agent)).spec.id;
  const settings = resolveSettings({ ...options, env, agent });
  const described = await describeTraining(settings, command, checkpointEvery);
  const cold = { ...described, ...(keep !== undefined && { keep }) };
  refuseIdleKeys(idleKeys(options.set, settings.config, cold.world.instruction));
  if (options.initFrom === undefined) {
    return { description: cold, open: () => ({ run: createRun(path, cold, { overwrite, note }) }) };
  }
  const { readInitialParameters } = await import('./init-from.ts');
  const { world } = cold;
  const { initFrom, parameters } = readInitialParameters(options.initFrom, settings.config, world);
  const description = { ...cold, settings: { ...settings, initFrom } };
  const open = () => ({ run: createRun(path, description, { overwrite, note }), parameters });
  return { description, open };
}

/**
 * A run to be resumed, its world as it is now. A run without a checkpoint has learned nothing in a former version of its world,
 * so that world may have changed.
 */
async function findTraining(
  path: string,
  options: TrainOptions,
  onNote: TrainCallbacks['onNote'],
): Promise<Training> {
  const described = descriptionOf(openRun(path));
  const former = described.settings.env;
  const isStarted = hasCheckpoint(path);
  const { allowChangedWorld, resume } = options;
  // A name of a file or a package says where it is now; an id must be the run's.
  const split = (named: string | undefined) =>
    named !== undefined && readReference(named) ? { moved: named } : { id: named };
  const [named, agent] = [split(options.env), split(options.agent)];
  const settings = await findPluginsOfRun(path, described, {
    ...{ env: named.moved, agent: agent.moved, allowCode: options.allowCode, onNote },
    unchanged: isStarted ? ['pathway', ...(allowChangedWorld ? [] : ['world' as const])] : [],
  });
  const { env, config, initFrom, totalFrames: formerTotal } = settings;
  requireOwnPathway(agent.moved, [{ path, config }]);
  const totalFrames = extendedFrames(path, formerTotal, options.frames);
  const { keep = described.keep } = options;
  const description = {
    ...described,
    settings: { ...settings, totalFrames },
    ...(keep !== undefined && { keep }),
  };
  const initial =
    initFrom && !isStarted
      ? (await import('./init-from.ts')).readSameParameters(path, initFrom, config, described.world)
      : undefined;
  requireSameShape(path, description, 'put that version of the world back, or start another run');
  requireUnchanged(path, description, { ...options, env: named.id, agent: agent.id });
  const version = former.source?.version;
  const isChanged = version !== undefined && version !== env.source?.version;
  return {
    description,
    open() {
      const { run, checkpoint } = resumeRun(
        path,
        typeof resume === 'string' ? resume : undefined,
        onNote,
      );
      const { frames = 0 } = checkpoint ?? {};
      const { formerWorlds = [], formerTotals = [] } = description;
      const isExtended = totalFrames > formerTotal;
      if (isChanged || isExtended || keep !== described.keep) {
        replaceDescription(run, {
          ...description,
          ...(isChanged && { formerWorlds: [...formerWorlds, { version, frames }] }),
          ...(isExtended && {
            formerTotals: [...formerTotals, { totalFrames: formerTotal, frames }],
          }),
        });
      }
      if (isExtended && frames > 0) {
        noteExtension(description.settings, formerTotal, frames, onNote);
      }
      const start = checkpoint && { checkpoint, newEpisodes: isChanged };
      return { run, start, parameters: initial?.parameters };
    },
  };
}

/** Says what an extension changes, where the result is not that of a longer training from the start. */
function noteExtension(
  { config, totalFrames }: TrainSettings,
  former: number,
  frames: number,
  onNote: TrainCallbacks['onNote'],
): void {
  const keys = schedulesOf(config).join(', ');
  if (keys === '') return;
  onNote?.(
    `from frame ${frames} on, its schedules (${keys}) follow ${totalFrames} frames instead of ${former}, so the result differs from that of a run started with --frames ${totalFrames}`,
  );
}

/**
 * Everything about a training that is known before it starts, as `run.json` has it.
 * @throws EngineUnavailable, OptionError or ConfigError for invalid settings
 */
export async function describeTraining(
  settings: TrainSettings,
  command: readonly string[],
  checkpointFrames: number,
): Promise<RunDescription> {
  const world = inspectWorld(settings.env.id, settings.env.options).shape;
  await requireNetwork(settings, world);
  return {
    id: randomUUID(),
    command: [...command],
    created: new Date().toISOString(),
    versions: versions(),
    settings,
    world,
    checkpointFrames,
  };
}

/** @throws EngineUnavailable, ConfigError, or UsageError for a user's own pathway that cannot be compiled */
async function requireNetwork({ config, engine }: TrainSettings, world: WorldShape): Promise<void> {
  const source = pathwaySourceOf(config);
  try {
    await makeBlueprint({ config, world }, engine, { B: 1 }, source ? ['act', 'gradients'] : []);
  } catch (error) {
    const { name, message } = error as Error;
    if (!source || name !== 'Error') throw error;
    const { given } = source;
    throw new UsageError(
      `${given}: ${message}${placeOf(error)}; timegrid check ${given} says what to change`,
    );
  }
}

/** The loop: update, record, save. It knows no network and no world. */
async function runTraining(
  { run, start, parameters }: OpenTraining,
  { settings, checkpointFrames, keep }: RunDescription,
  envWorkers: number | undefined,
  { onProgress, onNote, signal, worldTimeout = WORLD_TIMEOUT }: TrainCallbacks,
): Promise<TrainResult> {
  const pulse = createPulse(settings.shards);
  const stopListening = onUnresponsive(pulse, worldTimeout, () =>
    onNote?.(
      `${settings.env.id} has not responded for ${worldTimeout} s: its step or reset may never return`,
    ),
  );
  let trainer: Trainer | undefined;
  let logbook: Logbook | undefined;
  try {
    trainer = await createTrainer(settings, { envWorkers, pulse });
    logbook = new Logbook(onDisk(run), trainer, { checkpointFrames, keep });
    if (start) await logbook.restore(start);
    else if (parameters) {
      trainer.parameters.set(parameters);
      // From here on the run no longer needs the one that its parameters are from.
      await logbook.saveIfNew();
    }
    logbook.beginKeeping();
    while (!trainer.done) {
      const progress = await logbook.add(await trainer.update());
      if (progress) onProgress?.(progress);
      if (signal?.aborted) break;
    }
    await logbook.saveIfNew();
    return { run: run.path, frames: trainer.frames, finished: trainer.done };
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'DivergedError' && name !== 'WorldError') throw error;
    const saved = logbook?.savedFrames ?? start?.checkpoint.frames;
    const kept =
      saved === undefined ? 'it had no checkpoint yet' : `its checkpoint at frame ${saved} is kept`;
    throw new Failure(`the training in ${run.path} has stopped: ${message}; ${kept}`, {
      cause: error,
    });
  } finally {
    stopListening();
    await trainer?.close();
    run.close();
  }
}
