import * as z from 'zod';
import { Failure } from '../common/errors.ts';
import { parameterTensors } from '../run/agent-parameters.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import { partOf } from '../run/kept-points.ts';
import type { MetricsRecord } from '../run/metrics-row.ts';
import type { NamedTensors } from '../run/safetensors.ts';
import type { Trainer, UpdateReport } from './trainer.ts';
import { fromCheckpoint, toCheckpoint } from './trainer-checkpoint.ts';
import { type Means, Window, windowStateSchema } from './window.ts';

/** Frames between two records in the run's metrics. */
const RECORD_FRAMES = 6_400;

/** Where a training is recorded and saved. */
export interface TrainingRecord {
  /** Names it in error messages: the run's folder. */
  readonly path: string;
  addMetrics(record: MetricsRecord): void;
  /** Adds scalars for TensorBoard. @param wallTime seconds since 1970 */
  addScalars(frames: number, scalars: Readonly<Record<string, number>>, wallTime: number): void;
  /** Afterwards it is safe; until then the earlier ones are. */
  save(checkpoint: Checkpoint & { readonly isBest: boolean }): void;
  /** Frames of the checkpoints of parameters alone that are kept, each with what `dropKept` takes. */
  listKept(): readonly { readonly frames: number; readonly file: string }[];
  dropKept(files: ReadonlySet<string>): void;
  keep(frames: number, tensors: NamedTensors): void;
}

/** The progress of a training; means are over the frames since the previous record. */
export interface TrainProgress extends Means {
  /** Frames trained so far. */
  readonly frames: number;
  readonly learningRate: number;
  /** Seconds of training so far, including those before the run was resumed. */
  readonly seconds: number;
  readonly framesPerSecond: number;
}

/** Where a training resumes. */
export interface ResumePoint {
  readonly checkpoint: Checkpoint;
  /** Whether the worlds begin new episodes instead of continuing those of the checkpoint. */
  readonly newEpisodes: boolean;
}

const logStateSchema = z.strictObject({
  recent: windowStateSchema,
  sinceCheckpoint: windowStateSchema,
  bestReward: z.number().nullable(),
  seconds: z.number(),
});

export interface LogbookSettings {
  /** Frames between two checkpoints. */
  readonly checkpointFrames: number;
  /** Checkpoints of parameters alone that are kept of the whole training; none where left out. */
  readonly keep?: number | undefined;
}

/** Records and saves a training. None of its decisions depend on the clock. */
export class Logbook {
  readonly #run: TrainingRecord;
  readonly #trainer: Trainer;
  readonly #checkpointFrames: number;
  readonly #keep: number | undefined;
  /** The parts of the training of which parameters are kept. */
  readonly #kept = new Set<number>();
  /** Since the last record, and since the last regular checkpoint. */
  readonly #recent = new Window();
  readonly #sinceCheckpoint = new Window();
  #bestReward: number | null = null;
  #savedFrames: number | undefined;
  #secondsBefore = 0;
  readonly #started = performance.now();
  #lastRecord = { frames: 0, time: this.#started };

  constructor(run: TrainingRecord, trainer: Trainer, { checkpointFrames, keep }: LogbookSettings) {
    this.#run = run;
    this.#trainer = trainer;
    this.#checkpointFrames = checkpointFrames;
    this.#keep = keep;
  }

  /** Frames of the last checkpoint; undefined before there is one. */
  get savedFrames(): number | undefined {
    return this.#savedFrames;
  }

  /** Restores the trainer and the log from a checkpoint. */
  async restore({ checkpoint, newEpisodes }: ResumePoint): Promise<void> {
    const initial = await this.#trainer.state();
    const state = fromCheckpoint(checkpoint, initial, this.#trainer.layout, this.#run.path);
    await this.#trainer.restore(newEpisodes ? { ...state, shards: initial.shards } : state);
    const { success, data: log } = logStateSchema.safeParse(checkpoint.state.log);
    if (!success) throw new Failure(`${this.#run.path} has a checkpoint without a training's log`);
    this.#recent.restore(log.recent);
    this.#sinceCheckpoint.restore(log.sinceCheckpoint);
    this.#bestReward = log.bestReward;
    this.#secondsBefore = log.seconds;
    this.#savedFrames = checkpoint.frames;
    this.#lastRecord = { frames: checkpoint.frames, time: performance.now() };
  }

  /** Finds out what the run keeps already, lets go of more than it should, and keeps the parameters it begins with. */
  beginKeeping(): void {
    if (this.#keep === undefined) return;
    const extra = this.#run.listKept().filter(({ frames }) => {
      const part = this.#partOf(frames, this.#keep!);
      const isExtra = this.#kept.has(part);
      this.#kept.add(part);
      return isExtra;
    });
    this.#run.dropKept(new Set(extra.map(({ file }) => file)));
    this.#keepIfDue();
  }

  /** Keeps the first parameters of each part of the training. */
  #keepIfDue(): void {
    if (this.#keep === undefined) return;
    const { frames, parameters, layout } = this.#trainer;
    const part = this.#partOf(frames, this.#keep);
    if (this.#kept.has(part)) return;
    this.#run.keep(frames, parameterTensors(parameters, layout));
    this.#kept.add(part);
  }

  #partOf(frames: number, count: number): number {
    return partOf(frames, count, this.#trainer.settings.totalFrames);
  }

  /** Adds an update, and records and saves when due. @returns the progress if it was recorded */
  async add(report: UpdateReport): Promise<TrainProgress | undefined> {
    this.#recent.add(report);
    this.#sinceCheckpoint.add(report);
    const { done, frames, settings } = this.#trainer;
    const before = frames - settings.config.worlds * settings.config.steps;
    const passes = (mark: number): boolean =>
      done || Math.floor(frames / mark) > Math.floor(before / mark);
    const progress = passes(RECORD_FRAMES) ? this.#record(report.learningRate) : undefined;
    this.#keepIfDue();
    if (passes(this.#checkpointFrames)) {
      const { reward, episodes } = this.#sinceCheckpoint.means;
      const isBest = episodes > 0 && (this.#bestReward === null || reward > this.#bestReward);
      if (isBest) this.#bestReward = reward;
      this.#sinceCheckpoint.clear();
      await this.#save(isBest);
    }
    return progress;
  }

  /** Saves a checkpoint unless the last one is of this frame. */
  async saveIfNew(): Promise<void> {
    if (this.#savedFrames !== this.#trainer.frames) await this.#save(false);
  }

  get #seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#started) / 1000;
  }

  #record(learningRate: number): TrainProgress {
    const { frames } = this.#trainer;
    const time = performance.now();
    const { metrics, ...means } = this.#recent.means;
    const framesPerSecond =
      ((frames - this.#lastRecord.frames) / (time - this.#lastRecord.time)) * 1000;
    const figures = { ...means, learningRate, seconds: this.#seconds, framesPerSecond };
    this.#run.addMetrics({ frames, ...metrics, ...figures, ...this.#weights() });
    const scalars = Object.entries({ ...metrics, ...figures })
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => [`train/${name}`, value]);
    this.#run.addScalars(frames, Object.fromEntries(scalars), Date.now() / 1000);
    this.#lastRecord = { frames, time };
    this.#recent.clear();
    return { frames, metrics, ...figures };
  }

  /** The accumulators' weights, to three decimals. */
  #weights(): { weights?: Record<string, number[]> } {
    const weights = Object.entries(this.#trainer.accumulatorWeights);
    if (weights.length === 0) return {};
    const rounded = (values: Float32Array) => Array.from(values, (w) => Math.round(w * 1e3) / 1e3);
    return { weights: Object.fromEntries(weights.map(([name, w]) => [name, rounded(w)])) };
  }

  async #save(isBest: boolean): Promise<void> {
    const { tensors, state } = toCheckpoint(await this.#trainer.state(), this.#trainer.layout);
    const log: z.infer<typeof logStateSchema> = {
      recent: this.#recent.state(),
      sinceCheckpoint: this.#sinceCheckpoint.state(),
      bestReward: this.#bestReward,
      seconds: this.#seconds,
    };
    const { frames } = this.#trainer;
    this.#run.save({ frames, tensors, state: { ...state, log }, isBest });
    this.#savedFrames = frames;
  }
}
