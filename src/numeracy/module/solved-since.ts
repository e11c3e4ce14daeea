import { trainingLimit } from './numbers.ts';
import type { Problem } from './problems.ts';

/** After which step each copy's error on its training range stayed below that of weights off by ε. */
export class SolvedSince {
  /** The last step, counted from 1, that was not below it; 0 where all were. [M] */
  lastUnsolved: Float32Array;
  readonly #limits: Float64Array;

  constructor(problems: readonly Problem[], inputs: number) {
    this.lastUnsolved = new Float32Array(problems.length);
    const known = new Map<string, number>();
    this.#limits = Float64Array.from(problems, ({ operation, range }) => {
      const key = `${operation} ${range}`;
      const limit = known.get(key) ?? trainingLimit(operation, range, inputs);
      known.set(key, limit);
      return limit;
    });
  }

  /** @param errors mean squares of each copy before step `i`, counted from 0 */
  note(i: number, errors: ArrayLike<number>): void {
    for (let m = 0; m < errors.length; m += 1) {
      if (!(errors[m]! < this.#limits[m]!)) this.lastUnsolved[m] = i + 1;
    }
  }
}
