import type { EpisodeEnd } from '../play/episodes.ts';
import {
  type EpisodeOutcome,
  MOST_OUTCOME_NUMBERS,
  MOST_OUTCOMES,
  type OutcomeRow,
} from './protocol.ts';

/** Rows in one message. */
const ROWS = 128;
const NOT_PLAYED = '.';

/** @param end of an episode in a world that tells a number: its metrics say how well that was followed */
export function outcomeOf({ arrived, exact, metrics: { error = 0 } }: EpisodeEnd): EpisodeOutcome {
  if (!arrived) return 'x';
  if (exact) return '=';
  return error === 0 ? '~' : error < 0 ? '<' : '>';
}

/** How the first episodes at each number went, one by one, so that a page is told only those rows that have changed. */
export class OutcomeRows {
  /** By number, the one changed last at the end. */
  readonly #rows = new Map<number, { readonly outcomes: string; readonly change: number }>();
  #changes = 0;

  /** Counts an episode, unless its index is too great or there are too many numbers. */
  add(number: number, index: number, outcome: EpisodeOutcome): void {
    const before = this.#rows.get(number)?.outcomes ?? '';
    const isFull = before === '' && this.#rows.size >= MOST_OUTCOME_NUMBERS;
    if (index >= MOST_OUTCOMES || isFull) return;
    const padded = before.padEnd(index, NOT_PLAYED);
    const outcomes = padded.slice(0, index) + outcome + padded.slice(index + 1);
    this.#changes += 1;
    this.#rows.delete(number);
    this.#rows.set(number, { outcomes, change: this.#changes });
  }

  /** Some of the rows that have changed since, those that have waited longest first. @returns the change up to which they go */
  since(change: number): { readonly rows: OutcomeRow[]; readonly change: number } {
    const rows = [...this.#rows].filter(([, row]) => row.change > change).slice(0, ROWS);
    return {
      rows: rows.map(([number, { outcomes }]) => ({ number, outcomes })),
      change: rows.at(-1)?.[1].change ?? change,
    };
  }

  /** Whether rows have changed since. */
  isMore(change: number): boolean {
    return this.#changes > change;
  }
}
