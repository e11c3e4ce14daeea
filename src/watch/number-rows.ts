/** Rows in one message. */
const ROWS = 128;

/** A row for each number, so that a page is told only those that have changed. */
export class NumberRows<Row extends { readonly number: number }> {
  /** By number, the one changed last at the end. */
  readonly #rows = new Map<number, { readonly row: Row; readonly change: number }>();
  #changes = 0;

  get size(): number {
    return this.#rows.size;
  }

  get(number: number): Row | undefined {
    return this.#rows.get(number)?.row;
  }

  /** The row of its number from now on. */
  set(row: Row): void {
    this.#changes += 1;
    this.#rows.delete(row.number);
    this.#rows.set(row.number, { row, change: this.#changes });
  }

  /** By ascending number. */
  all(): Row[] {
    return [...this.#rows.values()]
      .map(({ row }) => row)
      .sort((one, other) => one.number - other.number);
  }

  /** Some of the rows that have changed since, those that have waited longest first. @returns the change up to which they go */
  since(change: number): { readonly rows: Row[]; readonly change: number } {
    const changed = [...this.#rows.values()].filter((one) => one.change > change).slice(0, ROWS);
    return { rows: changed.map(({ row }) => row), change: changed.at(-1)?.change ?? change };
  }

  /** Whether rows have changed since. */
  isMore(change: number): boolean {
    return this.#changes > change;
  }
}
