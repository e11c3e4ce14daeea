import type { ClientBudget } from './client-budget.ts';

/** Somebody for whom the server's thread works now and then. */
export interface TurnTaker {
  readonly budget: ClientBudget;
  /** Does a little work, for a few milliseconds at most. @param isOver says when the turn is @returns whether there is more to do */
  takeTurn(isOver: () => boolean): boolean;
}

export interface Scheduling {
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Calls an action once everything else that waits for this thread has had its turn. */
  readonly soon: (action: () => void) => void;
  /** @returns calls it off */
  readonly after: (milliseconds: number, action: () => void) => () => void;
}

/** Milliseconds of a turn, and of turns in a row before messages and timers are looked at. */
const TURN = 3;
const ROUND = 8;

/** Deals out the server's thread in short turns: to whoever has used least of it, and to nobody who has spent the budget. */
export class Turns {
  readonly #scheduling: Scheduling;
  readonly #waiting = new Set<TurnTaker>();
  #isSoon = false;
  #callOff = (): void => {};

  constructor(scheduling: Scheduling) {
    this.#scheduling = scheduling;
  }

  /** Asks for turns until `takeTurn` says that there is nothing more to do. */
  want(taker: TurnTaker): void {
    this.#waiting.add(taker);
    if (!this.#isSoon) this.#schedule(0);
  }

  /** Whoever is gone needs no more turns. */
  leave(taker: TurnTaker): void {
    this.#waiting.delete(taker);
  }

  #schedule(wait: number): void {
    const { soon, after } = this.#scheduling;
    this.#callOff();
    this.#isSoon = wait === 0;
    if (this.#isSoon) soon(() => this.#deal());
    else this.#callOff = after(wait, () => this.#deal());
  }

  #deal(): void {
    const { now } = this.#scheduling;
    const begun = now();
    this.#isSoon = false;
    while (this.#waiting.size > 0) {
      const { next, wait } = this.#choose();
      if (next) this.#give(next);
      const isBreak = next === undefined || now() - begun >= ROUND;
      if (!isBreak || this.#waiting.size === 0) continue;
      this.#schedule(next ? 0 : wait);
      return;
    }
  }

  #give(taker: TurnTaker): void {
    const { now } = this.#scheduling;
    const begun = now();
    this.#waiting.delete(taker);
    if (taker.takeTurn(() => now() - begun >= TURN)) this.#waiting.add(taker);
    taker.budget.spendComputing(now() - begun);
  }

  /** Who has used least, or else how long it takes until somebody may go on. */
  #choose(): { next: TurnTaker | undefined; wait: number } {
    let next: TurnTaker | undefined;
    let least = Number.POSITIVE_INFINITY;
    let wait = Number.POSITIVE_INFINITY;
    // The clock is read once: with many pages, reading it for each of their allowances takes longer than their turns.
    const now = this.#scheduling.now();
    for (const taker of this.#waiting) {
      const own = taker.budget.wait(now);
      wait = Math.min(wait, own);
      if (own > 0) continue;
      const computed = taker.budget.computed(now);
      if (computed < least) [next, least] = [taker, computed];
    }
    return { next, wait };
  }
}
