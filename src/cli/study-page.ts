import fs from 'node:fs';
import { printable } from '../../env/printable.ts';
import { CheckpointCopies } from '../queue/checkpoint-copies.ts';
import type { RunStore } from '../queue/store.ts';
import { type RunStatus, runLines, type StudyStatus, summaryOf } from '../queue/study-status.ts';
import { makeWorkFolder } from '../queue/work-folder.ts';
import { type WatchOption, WatchProcess } from '../server/watch-process.ts';
import type { PlannedRun, StudyPlan } from '../study/planned-run.ts';
import { savedResult } from '../study/results.ts';
import { LONGEST_LINE, MOST_AGENTS, MOST_LINES, type StudyText } from '../watch/protocol.ts';

/** Milliseconds between two looks for newer checkpoints, and between two texts for the page. */
const FETCH_EVERY = 5_000;
const TELL_EVERY = 2_000;

/** The page of a study that workers do: how its runs stand, and how the first ones that have no result yet learn. */
export class StudyPage {
  readonly #note: (sentence: string) => void;
  readonly #runs: readonly PlannedRun[];
  readonly #folder: string | undefined;
  readonly #copies: CheckpointCopies | undefined;
  readonly #watch: WatchProcess;
  readonly #noted = new Set<string>();
  #fetching: Promise<void> = Promise.resolve();
  #fetchAt = 0;
  #told = 0;
  #text: StudyText | undefined;
  #isOver = false;

  /** @param note is given the page's address, and why a run is not on it */
  constructor({ runs }: StudyPlan, option: WatchOption, note: (sentence: string) => void) {
    this.#note = note;
    this.#runs = option ? unfinished(runs).slice(0, MOST_AGENTS) : [];
    this.#folder = option ? makeWorkFolder('study') : undefined;
    this.#copies = this.#folder === undefined ? undefined : new CheckpointCopies(this.#folder);
    const paths = this.#runs.map((run) => this.#copies!.pathOf(run));
    // The study names the code that its copies run.
    this.#watch = new WatchProcess(paths, option, note, { allowCode: true });
  }

  /** @throws UsageError or Failure for a port that cannot be used */
  announce(): Promise<void> {
    return this.#watch.announce();
  }

  /** Shows how the study stands, and fetches what is new; it waits for nothing. */
  show(store: RunStore, status: StudyStatus): void {
    if (!this.#copies) return;
    const now = performance.now();
    this.#text = studyText(status);
    if (now >= this.#told + TELL_EVERY) {
      this.#told = now;
      this.#watch.tell(this.#text);
    }
    if (now < this.#fetchAt) return;
    this.#fetchAt = Number.POSITIVE_INFINITY;
    this.#fetching = this.#fetch(store, status).finally(() => {
      this.#fetchAt = performance.now() + FETCH_EVERY;
    });
  }

  async #fetch(store: RunStore, { runs }: StudyStatus): Promise<void> {
    const states = new Map(runs.map(({ run, is }) => [run, is]));
    for (const run of this.#runs) {
      const is = states.get(run);
      if (is !== 'at work' && is !== 'waiting') continue;
      try {
        if (await this.#copies!.fetch(store, run)) this.#watch.begin();
      } catch (error) {
        if (this.#isOver) return;
        if (this.#noted.has(run.key)) continue;
        this.#noted.add(run.key);
        this.#note(
          `${run.label}: its checkpoint in the queue cannot be shown: ${(error as Error).message}`,
        );
      }
    }
  }

  /** Keeps the page up until a signal asks for its end. @param onSignals calls its argument at the first signal */
  stay(onSignals: (onFirst: () => void) => { release(): void }): Promise<void> {
    this.#isOver = true;
    if (this.#text) this.#watch.tell(this.#text);
    return this.#watch.stay(onSignals);
  }

  /** Ends the page, and removes what it has shown. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#watch.end();
    if (this.#folder === undefined) return;
    await this.#fetching;
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Runs without a result. One whose result is of another training is refused later, in a sentence. */
function unfinished(runs: readonly PlannedRun[]): PlannedRun[] {
  return runs.filter((run) => {
    try {
      return savedResult(run) === undefined;
    } catch {
      return true;
    }
  });
}

/** What counts most where there are more runs than the page has lines for. */
const ORDER: readonly RunStatus['is'][] = [
  ...(['at work', 'failed', 'waiting', 'missing', 'done', 'collected'] as const),
];

/** How a study stands, as its page shows it: so many lines, so long, and without what a terminal or a page could obey. */
export function studyText(status: StudyStatus): StudyText {
  const { runs } = status;
  const left = runs.length - MOST_LINES;
  const shown =
    left <= 0
      ? runs
      : runs.toSorted((a, b) => ORDER.indexOf(a.is) - ORDER.indexOf(b.is)).slice(0, MOST_LINES);
  return {
    summary: short(summaryOf(status)),
    runs: [...runLines(shown).map(short), ...(left > 0 ? [`and ${left} more`] : [])],
  };
}

function short(line: string): string {
  const text = printable(line);
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE - 1)}…`;
}
