import type {
  ChangedFiles,
  ForPlayer,
  PageParts,
  TrainedNews,
} from '../../src/page/browser/posted.ts';
import type { TrainingBeginning, TrainingPost } from '../../src/page/browser/training-messages.ts';
import type { PageFiles } from '../page-files.ts';
import type { State } from '../state.ts';
import type { Store } from '../store.ts';
import type { BrowserRuns, KeptRun } from './browser-runs.ts';
import type { TrainingState } from './training-state.ts';

/** In the address: the run of this browser that is shown. */
export const RUN = 'run';
/** Where a page leaves word for the one that it opens next. */
const GOES_KEY = 'timegrid-train';

interface Surroundings {
  readonly parts: PageParts;
  readonly files: PageFiles;
  readonly store: Store<State>;
  readonly runs: BrowserRuns;
}

/** The run of this browser that the page shows, and the thread that trains it. */
export class BrowserTraining {
  /** Settles once the agent can be shown; with null where it cannot. */
  readonly trained: Promise<ForPlayer | null>;
  readonly #surroundings: Surroundings;
  readonly #run: KeptRun;
  #ready: (trained: ForPlayer | null) => void = () => {};
  readonly #untold: TrainedNews[] = [];
  #tell = (news: TrainedNews): void => void this.#untold.push(news);
  #worker: Worker | undefined;
  /** One after the other. */
  #saving: Promise<void> = Promise.resolve();

  constructor(run: KeptRun, surroundings: Surroundings) {
    this.#run = run;
    this.#surroundings = surroundings;
    this.trained = new Promise((resolve) => {
      this.#ready = resolve;
    });
    const { name, choice, frames } = run;
    const goes = sessionStorage.getItem(GOES_KEY) === name;
    sessionStorage.removeItem(GOES_KEY);
    surroundings.store.update({
      training: {
        ...{ name, choice, stage: 'starting', why: '', frames, totalFrames: choice.frames },
        ...{ maxReward: null, reward: null, framesPerSecond: 0 },
      },
    });
    this.#start(goes);
  }

  /** Gives all that happens to the thread that plays. */
  follow(listener: (news: TrainedNews) => void): void {
    for (const news of this.#untold.splice(0)) listener(news);
    this.#tell = listener;
  }

  /** Ends it after this update, and saves it. */
  stop(): void {
    this.#update({ stage: 'stopping' });
    this.#worker?.postMessage({ stop: true });
  }

  /** Goes on from its last checkpoint. */
  continue(): void {
    this.#update({ stage: 'starting' });
    this.#start(true);
  }

  #start(goes: boolean): void {
    this.#begin(goes).catch((error: unknown) => this.#fail(error));
  }

  async #begin(goes: boolean): Promise<void> {
    const { parts, files, runs } = this.#surroundings;
    const { name, choice } = this.#run;
    if (goes) await this.#lock();
    const saved = await runs.filesOf(name);
    const worker = await files.worker(parts.worker);
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<TrainingPost>) => this.#hear(data, goes);
    worker.onerror = ({ message }) => this.#fail(new Error(message));
    const browser = navigator.userAgent;
    const train = { name, choice, ...(saved && { files: saved }), goes, browser };
    const { wasm } = parts;
    worker.postMessage({
      ...{ ...(await files.forWorker()), wasm, train },
    } satisfies TrainingBeginning);
  }

  #hear(news: TrainingPost, goes: boolean): void {
    if ('ready' in news) {
      this.#ready(news.ready);
      const { frames, totalFrames, maxReward } = news;
      this.#update({ frames, totalFrames, maxReward, ...(goes && { stage: 'training' }) });
      if (goes) this.#tell({ trained: { isTraining: true } });
    } else if ('progress' in news) {
      const { framesPerSecond, ...point } = news.progress;
      this.#update({ frames: point.frames, reward: point.reward, framesPerSecond });
      this.#tell({ trained: { point } });
    } else if ('saved' in news) {
      const { changed, ...checkpoint } = news.saved;
      if (Object.keys(changed).length > 0) this.#save(checkpoint.frames, changed);
      this.#tell({ trained: checkpoint });
    } else if ('ended' in news) {
      // Only what is kept is finished.
      void this.#saving.then(() => {
        if (this.#surroundings.store.state.training?.stage === 'failed') return;
        this.#end();
        this.#update({ stage: news.ended.isFinished ? 'finished' : 'stopped' });
      });
    } else {
      this.#fail(new Error(news.broken));
    }
  }

  #save(frames: number, changed: ChangedFiles): void {
    const { runs } = this.#surroundings;
    this.#saving = this.#saving
      .then(() => runs.save(this.#run.name, frames, changed))
      .catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    console.error(error);
    this.#end();
    const why = error instanceof Error ? error.message : String(error);
    this.#ready(null);
    this.#update({ stage: 'failed', why });
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#release();
    this.#tell({ trained: { isTraining: false } });
  }

  #update(change: Partial<TrainingState>): void {
    const { store } = this.#surroundings;
    const { training } = store.state;
    if (training) store.update({ training: { ...training, ...change } });
  }

  #release: () => void = () => {};

  /** @throws Error where another tab trains it */
  async #lock(): Promise<void> {
    // Browsers have locks only where the page comes over HTTPS or from this machine.
    if (!('locks' in navigator)) return;
    const isMine = await new Promise<boolean>((resolve) => {
      const hold = (lock: Lock | null): Promise<void> | undefined => {
        resolve(lock !== null);
        if (lock === null) return undefined;
        return new Promise((release) => {
          this.#release = release;
        });
      };
      void navigator.locks.request(`timegrid-run-${this.#run.name}`, { ifAvailable: true }, hold);
    });
    if (!isMine) throw new Error('it is being trained in another tab');
  }
}

/** Opens this page again, to show a run of this browser or none. @param goes whether to train it there */
export function openRun(name: string | null, goes = false): void {
  if (name !== null && goes) sessionStorage.setItem(GOES_KEY, name);
  const address = new URL(window.location.href);
  address.search = name === null ? '' : `?${new URLSearchParams({ [RUN]: name })}`;
  window.location.assign(address);
}
