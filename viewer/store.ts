/**
 * A record of values and those who want to know when some of them change. Changes made in one go are told of once, before the
 * next picture is drawn.
 */
export class Store<State extends object> {
  #state: State;
  readonly #watchers = new Set<() => void>();
  #told = true;

  constructor(initial: State) {
    this.#state = initial;
  }

  get state(): Readonly<State> {
    return this.#state;
  }

  update(changes: Partial<State>): void {
    const names = Object.keys(changes) as (keyof State)[];
    if (names.every((name) => Object.is(changes[name], this.#state[name]))) return;
    this.#state = { ...this.#state, ...changes };
    if (!this.#told) return;
    this.#told = false;
    queueMicrotask(() => {
      this.#told = true;
      for (const watcher of [...this.#watchers]) watcher();
    });
  }

  /**
   * Calls `then` now, and again whenever one of the selected values is another.
   * @returns what ends it
   */
  watch<Values extends unknown[]>(
    select: (state: Readonly<State>) => [...Values],
    then: (values: NoInfer<[...Values]>) => void,
  ): () => void {
    let last: [...Values] | undefined;
    const look = () => {
      const values = select(this.#state);
      if (last?.every((value, index) => Object.is(value, values[index]))) return;
      last = values;
      then(values);
    };
    this.#watchers.add(look);
    look();
    return () => this.#watchers.delete(look);
  }
}
