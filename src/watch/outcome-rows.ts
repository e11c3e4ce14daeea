import type { EpisodeEnd } from '../play/episodes.ts';
import { NumberRows } from './number-rows.ts';
import {
  type EpisodeOutcome,
  MOST_OUTCOME_NUMBERS,
  MOST_OUTCOMES,
  type OutcomeRow,
} from './protocol.ts';

const NOT_PLAYED = '.';

/** @param end of an episode in a world that tells a number: its metrics say how well that was followed */
export function outcomeOf({ arrived, exact, metrics: { error = 0 } }: EpisodeEnd): EpisodeOutcome {
  if (!arrived) return 'x';
  if (exact) return '=';
  return error === 0 ? '~' : error < 0 ? '<' : '>';
}

/** How the first episodes at each number went, one by one. */
export class OutcomeRows extends NumberRows<OutcomeRow> {
  /** Counts an episode, unless its index is too great or there are too many numbers. */
  add(number: number, index: number, outcome: EpisodeOutcome): void {
    const before = this.get(number)?.outcomes ?? '';
    const isFull = before === '' && this.size >= MOST_OUTCOME_NUMBERS;
    if (index >= MOST_OUTCOMES || isFull) return;
    const padded = before.padEnd(index, NOT_PLAYED);
    const outcomes = padded.slice(0, index) + outcome + padded.slice(index + 1);
    this.set({ number, outcomes });
  }
}
