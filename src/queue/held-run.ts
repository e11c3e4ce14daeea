import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../common/errors.ts';
import { thisMachine } from '../common/machine.ts';
import { makeFolder } from '../common/make-folder.ts';
import { parseJson } from '../common/parse-json.ts';
import { readText } from '../common/read-file.ts';
import { withoutPassword } from '../common/without-password.ts';
import {
  CARRIED,
  type CarriedFiles,
  carryRun,
  newestCheckpoint,
  unpackRun,
} from '../run/carried-run.ts';
import { holdsRun } from '../run/folder.ts';
import type { PlannedRun } from '../study/planned-run.ts';
import { requireRunAsDeclared, trainingOf } from '../study/same-training.ts';
import { trainInProcess } from '../study/train-in-process.ts';
import type { TrainProgress } from '../train/logbook.ts';
import { type QueuedRun, withCode } from './job.ts';
import { type NamedCode, unpackCode } from './own-code.ts';
import type { RunOrder } from './run-process.ts';
import { type Hold, isFull, MOST_CHECKPOINT, type RunStore } from './store.ts';

/** What a worker has and does, the same for all its runs. */
export interface WorkerMeans {
  readonly store: RunStore;
  /** The worker's id. */
  readonly id: string;
  /** A folder of its own for runs in progress. */
  readonly folder: string;
  /** A folder that all workers share; checkpoints then stay there. */
  readonly artifacts?: string | undefined;
  readonly named: NamedCode;
  /** Whether code that comes with a run may be run. */
  readonly allowCode: boolean;
  readonly envWorkers?: number | undefined;
  /** Milliseconds for which a run is held without a sign of life. */
  readonly lease: number;
  onNote(sentence: string): void;
  /** @param share of its training, 0 to 1 @param speed in frames a second; 0 while it does not train */
  onProgress(run: QueuedRun, share: number, speed: number): void;
}

/** How the work on a run has ended for this worker. */
export type RunEnding =
  /** It has a result, or a failure, in Redis. */
  | { readonly is: 'over'; readonly failure?: string }
  /** It is to be given back: a stop was requested, or this worker cannot do it, for this reason. */
  | { readonly is: 'left'; readonly refused: string }
  /** Somebody else has it. */
  | { readonly is: 'lost' };

/** Workers in a row that a run may end, without a checkpoint, before it is given up. */
const MOST_FRUITLESS = 10;
/** Milliseconds: between looks for a checkpoint, before a full Redis is asked again, and for Redis to take a last checkpoint. */
const LOOK = 1_000;
const FULL = 2_000;
const LAST_UPLOAD = 10_000;

/** This worker cannot do a run that others may. */
class CannotRun extends Failure {}

/** A run that this worker has taken: it keeps it, trains it, uploads its checkpoints and its end. */
export class HeldRun {
  readonly #means: WorkerMeans;
  readonly #hold: Hold;
  readonly #run: QueuedRun;
  readonly #lost = new AbortController();
  readonly #started = performance.now();
  #path = '';
  #spentBefore = 0;
  #share = 0;
  #speed = 0;
  #isKeeping = false;
  /** The checkpoint that Redis has, and the one that it has refused. */
  #uploaded: string | undefined;
  #uploading: Promise<void> = Promise.resolve();
  #isUploading = false;
  #isFullNoted = false;
  /** When an upload was refused last, in milliseconds. */
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor(means: WorkerMeans, hold: Hold, run: QueuedRun) {
    this.#means = means;
    this.#hold = hold;
    this.#run = run;
  }

  /** Does the run. @param stop aborts when it is to be given back @throws for what is not the run's fault */
  async work(stop: AbortSignal): Promise<RunEnding> {
    const { store, id, folder, lease } = this.#means;
    const { key, kept } = this.#run;
    const taken = await store.take(this.#hold, id, kept);
    if (!taken) return { is: 'lost' };
    this.#spentBefore = taken.spent;
    for (const how of ['result', 'failure'] as const) {
      if (await store.readEnd(key, how)) return { is: 'over' };
    }
    if (taken.fruitless > MOST_FRUITLESS) {
      return this.#fail(
        stop,
        `${MOST_FRUITLESS} workers in a row ended while they were at work on it, before its next checkpoint: it may need more memory than they have`,
      );
    }
    const keeping = setInterval(() => void this.#keep(), lease / 3);
    const place = join(folder, `${key}-${this.#hold.token}`);
    const both = AbortSignal.any([stop, this.#lost.signal]);
    try {
      const run = await this.#prepare(place);
      return (await this.#trainAndEvaluate(run, both)) ?? (await this.#end(run, both));
    } catch (error) {
      if (this.#lost.signal.aborted) return { is: 'lost' };
      if (Object(error).isOwn) return this.#fail(both, (error as Error).message);
      if (!(error instanceof CannotRun)) throw error;
      return { is: 'left', refused: error.message };
    } finally {
      clearInterval(keeping);
      fs.rmSync(place, { recursive: true, force: true });
    }
  }

  /** Keeps the run, and says how far it is. */
  async #keep(): Promise<void> {
    if (this.#isKeeping) return;
    this.#isKeeping = true;
    const state = { share: this.#share, speed: Math.round(this.#speed), spent: this.#spent };
    try {
      if (!(await this.#means.store.keep(this.#hold, this.#run.kept, state))) this.#lost.abort();
    } catch {
      // Redis says so again the next time.
    }
    this.#isKeeping = false;
  }

  /** Seconds of a core. */
  get #spent(): number {
    const seconds = (performance.now() - this.#started) / 1000;
    return Math.round((this.#spentBefore + seconds * this.#run.settings.shards) * 10) / 10;
  }

  /** The run as it is done here: with its code, and from its newest checkpoint. */
  async #prepare(place: string): Promise<PlannedRun> {
    const { artifacts } = this.#means;
    const { key, agent, occasions } = this.#run;
    makeFolder(place);
    const settings = withCode(this.#run, await this.#findCode(place));
    const path = artifacts ? join(artifacts, 'runs', key) : join(place, 'run');
    const result = artifacts
      ? join(artifacts, 'results', `${key}.json`)
      : join(place, 'result.json');
    for (const each of artifacts ? ['runs', 'results'] : []) makeFolder(join(artifacts!, each));
    this.#path = path;
    const run = { agent, seed: settings.seed, key, label: key, settings, occasions, path, result };
    if (!holdsRun(path)) await this.#restore(run);
    else requireRunAsDeclared(path, trainingOf(settings));
    return run;
  }

  async #findCode(place: string) {
    const { named, allowCode, store } = this.#means;
    const found = named.of(this.#run);
    const get = async (what: 'world' | 'pathway') => {
      const needed = this.#run[what];
      if (!needed || found[what]) return found[what];
      if (!allowCode) {
        const flag = what === 'world' ? '--env' : '--agent';
        throw new CannotRun(
          `it needs a ${what} of its user's own (${needed.version.slice(0, 24)}) that this worker does not have: name its file with ${flag}, or give --allow-code to take it from the queue`,
        );
      }
      const read = (names: readonly string[], most: number) =>
        store.readFiles(store.keys.code(needed.version), names, most);
      try {
        return await unpackCode(needed, join(place, what), read);
      } catch (error) {
        throw new CannotRun((error as Error).message, { cause: error });
      }
    };
    return { world: await get('world'), pathway: await get('pathway') };
  }

  /** Restores the newest checkpoint that Redis has. One that is not whole, or of another training, does not count. */
  async #restore({ path, settings }: PlannedRun): Promise<void> {
    const { store } = this.#means;
    try {
      const place = store.keys.checkpoint(this.#run.key);
      const files = await store.readFiles(place, CARRIED, MOST_CHECKPOINT);
      if (!files) return;
      const frames = unpackRun(path, files as CarriedFiles);
      requireRunAsDeclared(path, trainingOf(settings));
      this.#share = Math.min(1, frames / settings.totalFrames);
      this.#uploaded = newestCheckpoint(path);
    } catch (error) {
      this.#note(`its checkpoint in the queue cannot be used: ${(error as Error).message}`);
      fs.rmSync(path, { recursive: true, force: true });
      this.#share = 0;
    }
  }

  /** @returns how it has ended, unless its result is there */
  async #trainAndEvaluate(run: PlannedRun, stop: AbortSignal): Promise<RunEnding | undefined> {
    const { envWorkers } = this.#means;
    const order: RunOrder = { run, command: ['timegrid', 'worker'], envWorkers };
    const looking = setInterval(() => this.#uploadNewest(run.path), LOOK);
    try {
      const isDone = await trainInProcess<TrainProgress | 'evaluating'>(
        run.path,
        new URL('./run-process.js', import.meta.url),
        order,
        {
          onNote: (sentence) => this.#note(sentence),
          onProgress: (progress) => {
            if (progress === 'evaluating') {
              [this.#share, this.#speed] = [1, 0];
            } else {
              this.#share = Math.min(1, progress.frames / run.settings.totalFrames);
              this.#speed = progress.framesPerSecond;
            }
            this.#means.onProgress(this.#run, this.#share, this.#speed);
            this.#uploadNewest(run.path);
          },
          signal: stop,
        },
      );
      if (isDone) return undefined;
    } finally {
      clearInterval(looking);
    }
    if (this.#lost.signal.aborted) return { is: 'lost' };
    const before = this.#uploading;
    const last = before.then(() => {
      this.#uploadNewest(run.path);
      return this.#uploading;
    });
    await Promise.race([last, sleep(LAST_UPLOAD, undefined, { ref: false })]);
    return { is: 'left', refused: '' };
  }

  /** Uploads the newest checkpoint, unless Redis has it, or an upload is under way: then the next look does. */
  #uploadNewest(path: string): void {
    const { artifacts, store } = this.#means;
    const isTooSoon = performance.now() - this.#refusedAt < FULL;
    if (artifacts || this.#isUploading || isTooSoon || this.#lost.signal.aborted) return;
    if (!holdsRun(path)) return;
    this.#isUploading = true;
    this.#uploading = (async () => {
      try {
        if (newestCheckpoint(path) === this.#uploaded) return;
        const carried = carryRun(path);
        if (!carried) return;
        const { sha256, files } = carried;
        const bytes = Object.values(files).reduce((sum, { length }) => sum + length, 0);
        if (bytes > MOST_CHECKPOINT) {
          this.#note(
            `its checkpoint takes ${Math.ceil(bytes / 2 ** 20)} MiB, more than the queue takes: start the workers with --artifacts`,
          );
        } else if (!(await store.storeCheckpoint(this.#hold, this.#run.kept, files))) {
          this.#lost.abort();
          return;
        }
        this.#uploaded = sha256;
      } catch (error) {
        if (isFull(error)) this.#noteFull('its checkpoint');
        else if (!this.#lost.signal.aborted) {
          this.#refusedAt = performance.now();
          this.#note(`its checkpoint could not be uploaded: ${(error as Error).message}`);
        }
      } finally {
        this.#isUploading = false;
      }
    })();
  }

  /** Stores the result: as long as it takes. */
  async #end(run: PlannedRun, stop: AbortSignal): Promise<RunEnding> {
    await this.#uploading;
    const result = Object(parseJson(readText(run.result)));
    const text = JSON.stringify({ ...result, coreSeconds: this.#spent });
    return this.#storeEnd('result', text, stop);
  }

  #fail(stop: AbortSignal, sentence: string): Promise<RunEnding> {
    // Where it was trained is of no use on another machine.
    const told = withoutPassword(sentence.replaceAll(` in ${this.#path}`, ''));
    return this.#storeEnd(
      'failure',
      JSON.stringify({ sentence: told, machine: thisMachine() }),
      stop,
      told,
    );
  }

  async #storeEnd(
    how: 'result' | 'failure',
    text: string,
    stop: AbortSignal,
    failure?: string,
  ): Promise<RunEnding> {
    for (;;) {
      try {
        const isStored = await this.#means.store.storeEnd(this.#hold, how, this.#run.kept, text);
        if (!isStored) return { is: 'lost' };
        return { is: 'over', ...(failure === undefined ? {} : { failure }) };
      } catch (error) {
        if (!isFull(error)) throw error;
        this.#noteFull(`its ${how}`);
        if (stop.aborted) return { is: 'left', refused: '' };
        await sleep(FULL, undefined, { signal: stop }).catch(() => {});
      }
    }
  }

  #noteFull(what: string): void {
    if (!this.#isFullNoted) {
      this.#note(`Redis is full (maxmemory) and does not take ${what}: it is offered again`);
    }
    this.#isFullNoted = true;
    this.#refusedAt = performance.now();
  }

  #note(sentence: string): void {
    this.#means.onNote(`${this.#run.key.slice(0, 8)} (${this.#run.agent}): ${sentence}`);
  }
}
