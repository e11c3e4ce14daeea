/** So much a second, and saved up to `most`. */
export interface Rate {
  readonly perSecond: number;
  readonly most: number;
}

/** Something that is spent by use and comes back with time. */
export class Allowance {
  readonly #rate: Rate;
  readonly #now: () => number;
  #left: number;
  #at: number;

  /** @param now a clock in milliseconds */
  constructor(rate: Rate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
    this.#left = rate.most;
    this.#at = now();
  }

  /** Spends an amount, which may be more than is left: what something costs is known only afterwards. */
  spend(amount: number): void {
    this.#refill(this.#now());
    this.#left -= amount;
  }

  /** How much has been spent and has not come back yet. */
  spent(now = this.#now()): number {
    this.#refill(now);
    return this.#rate.most - this.#left;
  }

  /** Milliseconds until there is something to spend; 0 where there is. */
  wait(now = this.#now()): number {
    this.#refill(now);
    if (this.#left > 0) return 0;
    return Math.max(1, Math.ceil((-1000 * this.#left) / this.#rate.perSecond));
  }

  #refill(now: number): void {
    const { perSecond, most } = this.#rate;
    this.#left = Math.min(most, this.#left + ((now - this.#at) * perSecond) / 1000);
    this.#at = now;
  }
}
