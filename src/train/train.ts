import { makeBlueprint } from '../../agent/blueprint.ts';
import { closeGuarded } from '../../env/guard/ask.ts';
import { make } from '../../env/index.ts';
import { Failure } from '../common/errors.ts';
import { VERSION } from '../common/version.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import type { RunDescription, TrainSettings } from '../run/description.ts';
import {
  createRun,
  replaceDescription,
  resumeRun,
  saveCheckpoint,
  type TrainingRun,
} from '../run/training-run.ts';
import { worldShapeOf } from '../run/world-shape.ts';
import { fromCheckpoint, toCheckpoint } from './checkpointing.ts';
import { type Resumption, resumption } from './resumption.ts';
import { Trainer, type TrainResources } from './trainer.ts';
import { createPulse, listen } from './unresponsive.ts';
import { type Means, Window, type WindowState } from './window.ts';

/** Frames between two records in the run's metrics. */
const LOG_FRAMES = 6_400;

/** How a training stands, at every record. */
export interface TrainProgress extends Means {
  readonly frames: number;
  readonly learningRate: number;
  /** Seconds of training so far, those before a resumption included. */
  readonly seconds: number;
  readonly framesPerSecond: number;
}

export interface TrainHooks {
  onProgress?(progress: TrainProgress): void;
  /** Asked after every update; the training is saved and ends where it says so. */
  stopRequested?(): boolean;
  /** Called once where a world gives no answer for `patience` seconds, so that its training may never go on. */
  onSilence?(): void;
  readonly patience?: number;
}

const PATIENCE = 30;

export interface TrainResult {
  readonly frames: number;
  /** Whether all of its frames were trained on. */
  readonly finished: boolean;
}

/** What a training needs beside its settings. */
export interface NewRun extends TrainResources {
  readonly settings: TrainSettings;
  /** The command line that started it, for the record. */
  readonly command: readonly string[];
  readonly checkpointFrames: number;
  readonly overwrite: boolean;
}

/**
 * Trains a new agent into the folder `path`.
 * @throws UsageError, OptionError, ConfigError for what cannot be; Failure where the disk refuses or the loss diverges
 */
export async function trainNew(
  path: string,
  { settings, command, checkpointFrames, overwrite, envWorkers }: NewRun,
  hooks: TrainHooks = {},
): Promise<TrainResult> {
  const description = await describe(settings, command, checkpointFrames);
  const run = createRun(path, description, { overwrite });
  return continueRun(run, description, undefined, hooks, { envWorkers });
}

/**
 * Goes on with the training in the folder `path` from a checkpoint. In a world that has changed, every episode begins anew.
 * @throws UsageError for a world that is gone, or has changed where that is not meant, and as `trainNew` does
 */
export async function trainOn(
  path: string,
  hooks: TrainHooks = {},
  { envWorkers, ...how }: Resumption & TrainResources = {},
): Promise<TrainResult> {
  const { description, former } = await resumption(path, how);
  const { run, checkpoint } = resumeRun(path, how.checkpoint);
  const changed = { ...description };
  if (former) {
    const { version } = former;
    changed.formerWorlds = [
      ...(description.formerWorlds ?? []),
      { version, frames: checkpoint?.frames ?? 0 },
    ];
    replaceDescription(run, changed);
  }
  const start = checkpoint && { checkpoint, episodesAnew: former !== undefined };
  return continueRun(run, changed, start, hooks, { envWorkers });
}

/**
 * Everything about a training that is known before it starts, as `run.json` has it.
 * @throws EngineUnavailable, OptionError or ConfigError for one that cannot be
 */
export async function describe(
  settings: TrainSettings,
  command: readonly string[],
  checkpointFrames: number,
): Promise<RunDescription> {
  const probe = make(settings.env.id, settings.env.options);
  const world = worldShapeOf(probe);
  closeGuarded(probe);
  await makeBlueprint({ config: settings.config, world }, settings.engine, { B: 1 }, []);
  return {
    command: [...command],
    created: new Date().toISOString(),
    versions: {
      timegrid: VERSION,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    },
    settings: settings as RunDescription['settings'],
    world,
    checkpointFrames,
  };
}

/** From where a training goes on. */
interface Start {
  readonly checkpoint: Checkpoint;
  /** Whether the worlds begin new episodes, and do not go on with those of the checkpoint. */
  readonly episodesAnew: boolean;
}

/** The loop: update, record, checkpoint; it knows no network and no world. */
async function continueRun(
  run: TrainingRun,
  description: RunDescription,
  start: Start | undefined,
  hooks: TrainHooks,
  resources: TrainResources,
): Promise<TrainResult> {
  const { settings, checkpointFrames } = description;
  const { onSilence = () => {}, patience = PATIENCE } = hooks;
  const pulse = createPulse(settings.shards);
  const stopListening = listen(pulse, patience, onSilence);
  let trainer: Trainer | undefined;
  let logbook: Logbook | undefined;
  try {
    trainer = await Trainer.create(settings, { ...resources, pulse });
    logbook = new Logbook(run, trainer, checkpointFrames);
    if (start) await logbook.restore(start);
    while (!trainer.done) {
      const report = await trainer.update();
      await logbook.enter(report, hooks.onProgress);
      if (hooks.stopRequested?.()) break;
    }
    await logbook.close();
    return { frames: trainer.frames, finished: trainer.done };
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

/** What of a training is written down, and when. Nothing that it decides depends on the clock. */
class Logbook {
  readonly #run: TrainingRun;
  readonly #trainer: Trainer;
  readonly #checkpointFrames: number;
  /** Since the last record, and since the last regular checkpoint. */
  readonly #recent = new Window();
  readonly #sinceCheckpoint = new Window();
  #bestReward: number | null = null;
  /** Frames of the last checkpoint. */
  #savedFrames: number | undefined;
  #secondsBefore = 0;
  readonly #begun = performance.now();
  #lastRecord = { frames: 0, time: this.#begun };

  constructor(run: TrainingRun, trainer: Trainer, checkpointFrames: number) {
    this.#run = run;
    this.#trainer = trainer;
    this.#checkpointFrames = checkpointFrames;
  }

  async restore({ checkpoint, episodesAnew }: Start): Promise<void> {
    const like = await this.#trainer.state();
    const state = fromCheckpoint(checkpoint, like, this.#trainer.layout, this.#run.path);
    await this.#trainer.restore(episodesAnew ? { ...state, shards: like.shards } : state);
    const log = checkpoint.state.log as LogState;
    this.#recent.restore(log.recent);
    this.#sinceCheckpoint.restore(log.sinceCheckpoint);
    this.#bestReward = log.bestReward;
    this.#secondsBefore = log.seconds;
    this.#savedFrames = checkpoint.frames;
    this.#lastRecord = { frames: checkpoint.frames, time: performance.now() };
  }

  async enter(
    report: Awaited<ReturnType<Trainer['update']>>,
    onProgress: TrainHooks['onProgress'],
  ): Promise<void> {
    this.#recent.add(report);
    this.#sinceCheckpoint.add(report);
    const { config } = this.#trainer.settings;
    const step = config.worlds * config.steps;
    const passes = (mark: number): boolean =>
      Math.floor(this.#trainer.frames / mark) > Math.floor((this.#trainer.frames - step) / mark);
    if (passes(LOG_FRAMES) || this.#trainer.done) {
      const progress = this.#record(report.learningRate);
      onProgress?.(progress);
    }
    if (passes(this.#checkpointFrames) || this.#trainer.done) {
      const { reward, episodes } = this.#sinceCheckpoint.means;
      const isBest = episodes > 0 && (this.#bestReward === null || reward > this.#bestReward);
      if (isBest) this.#bestReward = reward;
      this.#sinceCheckpoint.clear();
      await this.#save(isBest);
    }
  }

  /** Saves what the last regular checkpoint does not have. */
  async close(): Promise<void> {
    if (this.#savedFrames !== this.#trainer.frames) await this.#save(false);
  }

  get savedFrames(): number | undefined {
    return this.#savedFrames;
  }

  get #seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#begun) / 1000;
  }

  #record(learningRate: number): TrainProgress {
    const { frames } = this.#trainer;
    const now = performance.now();
    const { metrics, ...means } = this.#recent.means;
    const framesPerSecond =
      ((frames - this.#lastRecord.frames) / (now - this.#lastRecord.time)) * 1000;
    const figures = { ...means, learningRate, seconds: this.#seconds, framesPerSecond };
    this.#run.metrics.append({ frames, ...metrics, ...figures, ...this.#weights() });
    const scalars = Object.entries({ ...metrics, ...figures }).filter(([, v]) =>
      Number.isFinite(v),
    );
    this.#run.events.append(
      frames,
      Object.fromEntries(scalars.map(([name, value]) => [`train/${name}`, value])),
      Date.now() / 1000,
    );
    this.#lastRecord = { frames, time: now };
    this.#recent.clear();
    return { frames, metrics, ...figures };
  }

  /** What the accumulators have come to, to three decimals. */
  #weights(): { weights?: Record<string, number[]> } {
    const weights = Object.entries(this.#trainer.accumulatorWeights);
    if (weights.length === 0) return {};
    const rounded = (values: Float32Array) => Array.from(values, (w) => Math.round(w * 1e3) / 1e3);
    return { weights: Object.fromEntries(weights.map(([name, w]) => [name, rounded(w)])) };
  }

  async #save(isBest: boolean): Promise<void> {
    const { tensors, state } = toCheckpoint(await this.#trainer.state(), this.#trainer.layout);
    const log: LogState = {
      recent: this.#recent.state(),
      sinceCheckpoint: this.#sinceCheckpoint.state(),
      bestReward: this.#bestReward,
      seconds: this.#seconds,
    };
    const { frames } = this.#trainer;
    saveCheckpoint(this.#run, { frames, tensors, state: { ...state, log }, isBest });
    this.#savedFrames = frames;
  }
}

interface LogState {
  readonly recent: WindowState;
  readonly sinceCheckpoint: WindowState;
  readonly bestReward: number | null;
  readonly seconds: number;
}
