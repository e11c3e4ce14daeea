/** Remembers values, to skip work that would come to the same. */
export class LastSeen {
  #values: readonly unknown[] | undefined;

  /** Whether any value differs from those of the last call. */
  differs(...values: readonly unknown[]): boolean {
    const last = this.#values;
    this.#values = values;
    if (last?.length !== values.length) return true;
    return values.some((value, index) => !Object.is(value, last[index]));
  }
}
