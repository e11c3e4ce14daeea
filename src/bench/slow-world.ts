import * as z from 'zod';
import {
  type Env,
  type EnvSpec,
  type Observation,
  type StepResult,
  TimedGrid,
  Wrapper,
} from '../../env/index.ts';

/** Something to compute that cannot be left out. @returns the result */
export function compute(rounds: number): number {
  let x = 1;
  for (let i = 0; i < rounds; i++) x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
  return x;
}

/** A world each of whose steps computes something for a while. */
class Slow extends Wrapper {
  readonly #rounds: number;

  constructor(env: Env, rounds: number) {
    super(env, { spec });
    this.#rounds = rounds;
  }

  override step(action: number, into?: Observation): StepResult {
    const result = super.step(action, into);
    return compute(this.#rounds) === 0.5 ? { ...result, reward: 0 } : result;
  }
}

const spec: EnvSpec = {
  id: 'SlowGrid-v0',
  summary: 'A timed grid whose steps take long.',
  options: z.strictObject({ rounds: z.int().min(0).default(0).describe('of what is computed') }),
  resetOptions: z.strictObject({}),
  create: (options) => new Slow(new TimedGrid(), Number(options?.rounds ?? 0)),
};

export default spec;
