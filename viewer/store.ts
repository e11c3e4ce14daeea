import { LastSeen } from './last-seen.ts';

/**
 * A record of values, and watchers of some of them. Changes made in one go are reported once, before the next frame.
 */
export class Store<State extends object> {
  #state: State;
  readonly #watchers = new Set<() => void>();
  #reported = true;

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
    if (!this.#reported) return;
    this.#reported = false;
    queueMicrotask(() => {
      this.#reported = true;
      for (const watcher of [...this.#watchers]) watcher();
    });
  }

  /**
   * Calls `then` now, and again whenever one of the selected values changes.
   * @returns stops watching
   */
  watch<Values extends unknown[]>(
    select: (state: Readonly<State>) => [...Values],
    then: (values: NoInfer<[...Values]>) => void,
  ): () => void {
    const seen = new LastSeen();
    const look = () => {
      const values = select(this.#state);
      if (seen.differs(...values)) then(values);
    };
    this.#watchers.add(look);
    look();
    return () => this.#watchers.delete(look);
  }
}
