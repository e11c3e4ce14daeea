import type { PageParts } from '../../src/page/browser/posted.ts';
import { iconButton } from '../icons.ts';
import type { PageFiles } from '../page-files.ts';
import type { State } from '../state.ts';
import type { Store } from '../store.ts';
import { BrowserRuns, type KeptRun } from './browser-runs.ts';
import { BrowserTraining, openRun, RUN } from './browser-training.ts';
import { saveRun } from './save-run.ts';
import { TrainDialog } from './train-dialog.ts';
import { TrainingBar } from './training-bar.ts';

/** What trains agents in this browser, and the run that the page shows. */
export class TrainTools {
  /** Null: it shows none. */
  readonly training: BrowserTraining | null;
  readonly #parts: PageParts;
  readonly #runs: BrowserRuns | null;
  readonly #store: Store<State>;
  readonly #notice: string;

  /**
   * @param runs null where the browser keeps nothing for this page
   * @param notice what is to be told at first; empty: nothing
   */
  constructor(
    parts: PageParts,
    store: Store<State>,
    runs: BrowserRuns | null,
    training: BrowserTraining | null,
    notice: string,
  ) {
    this.#parts = parts;
    this.#store = store;
    this.#runs = runs;
    this.training = training;
    this.#notice = notice;
  }

  /** Shows how the training stands, and among the tools a button for another. */
  showIn(bar: HTMLElement, tools: HTMLElement, notify: (notice: string) => void): void {
    if (this.#notice !== '') notify(this.#notice);
    const runs = this.#runs;
    const dialog = runs && new TrainDialog(this.#parts.trains, runs);
    const open = (): void => {
      const { training } = this.#store.state;
      const isGoing = training?.stage === 'training' || training?.stage === 'stopping';
      if (dialog === null) {
        notify('This browser keeps nothing for this page, so no agent can be trained here.');
      } else if (isGoing) {
        notify('One training at a time: stop this one first.');
      } else {
        dialog.open();
      }
    };
    tools.prepend(iconButton('train', 'Train an agent in this browser', open, 'Train'));
    const { training } = this;
    if (training === null || runs === null) return;
    const shown = new TrainingBar(bar, {
      stop: () => training.stop(),
      continue: () => training.continue(),
      save: () => void saveRun(runs, this.#store.state.training!.name),
      leave: () => openRun(null),
    });
    this.#store.watch(
      (state) => [state.training],
      () => shown.show(this.#store.state),
    );
    shown.show(this.#store.state);
  }
}

/** @param search of the address, which may name a run of this browser */
export async function openTrainTools(
  parts: PageParts,
  files: PageFiles,
  store: Store<State>,
  search: string,
): Promise<TrainTools> {
  const name = new URLSearchParams(search).get(RUN);
  let runs: BrowserRuns | null = null;
  let run: KeptRun | undefined;
  try {
    runs = await BrowserRuns.open();
    run = name === null ? undefined : await runs.get(name);
  } catch (error) {
    console.error(error);
  }
  const training = runs && run ? new BrowserTraining(run, { parts, files, store, runs }) : null;
  const notice = name !== null && training === null ? `This browser has no run ${name}.` : '';
  return new TrainTools(parts, store, runs, training, notice);
}
