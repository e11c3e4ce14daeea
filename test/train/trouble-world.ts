import { type EnvSpec, findSpec, type Observation, type StepResult, TimedGrid } from 'timegrid/env';
import * as z from 'zod';

/** A timed grid for threads, which comes to grief at the third step of its episodes, as its option `trouble` says. */
class TroubledGrid extends TimedGrid {
  override readonly spec = spec;
  readonly #trouble: unknown;
  #steps = 0;

  constructor(trouble: unknown) {
    super({ timeMin: 10 });
    this.#trouble = trouble;
  }

  /** Stays where it is, whatever the action. */
  override step(_: number, into?: Observation): StepResult {
    const result = super.step(4, into);
    this.#steps += 1;
    if (this.#steps < 3) return result;
    if (this.#trouble === 'throw') throw new RangeError('the floor gave way');
    if (this.#trouble === 'exit') process.exit(7);
    if (this.#trouble === 'later') {
      setImmediate(() => {
        throw new Error('the roof too');
      });
    }
    return this.#trouble === 'function' ? { ...result, info: { tell: () => 'a secret' } } : result;
  }
}

const spec: EnvSpec = {
  id: 'WorkersTrouble-v0',
  summary: 'A timed grid that comes to grief.',
  options: z.strictObject({ trouble: z.string().describe('how') }),
  resetOptions: findSpec('TimedGrid-v0').resetOptions,
  create: (options) => new TroubledGrid(options?.trouble),
};

export default spec;
