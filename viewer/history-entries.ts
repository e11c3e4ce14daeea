import type { State } from './state.ts';

/** Milliseconds within which another choice replaces the one before, as while a slider is dragged. */
const RAPID = 1_000;

/** Decides which choices the browser's Back button leads to: each that a person made, but of several in a row only the last. */
export class HistoryEntries {
  #chosen: string | null = null;
  #enteredAt = Number.NEGATIVE_INFINITY;

  /**
   * Notes what is on screen.
   * @param now in milliseconds
   * @returns whether it is an entry of its own; else it replaces the present one
   */
  enter(state: Pick<State, 'number' | 'others' | 'seed' | 'policy' | 'byPlayback'>, now: number) {
    const { number, others, seed, policy, byPlayback } = state;
    const chosen = JSON.stringify([number, others, seed, policy]);
    if (chosen === this.#chosen) return false;
    const isFirst = this.#chosen === null;
    this.#chosen = chosen;
    if (isFirst || byPlayback) return false;
    const isRapid = now - this.#enteredAt < RAPID;
    this.#enteredAt = now;
    return !isRapid;
  }

  /** The browser went to another entry, so what is shown next is no new one. */
  leave(): void {
    this.#chosen = null;
    this.#enteredAt = Number.NEGATIVE_INFINITY;
  }
}
