import * as z from 'zod';
import type { Env, Json, Observation, ResetArguments, StepResult } from '../contract.ts';
import { EnvError } from '../errors.ts';
import { Random, randomStateSchema } from '../random.ts';
import { Wrapper } from './wrapper.ts';

const stateSchema = z.strictObject({ random: randomStateSchema, over: z.boolean() });

/**
 * Sometimes replaces the chosen action with a random one, so that no sequence of actions can be learned by heart (MiniGrid's
 * `StochasticActionWrapper`). The info then names the action that was taken, as `tookAction`. Its generator starts from the seed of
 * `reset` and is separate from the world's, which draws what it always drew. The spaces do not change.
 */
export class StochasticAction extends Wrapper {
  readonly probability: number;
  #random: Random | undefined;
  #over = false;

  /**
   * @param probability that an action is replaced by one drawn from all, which may be the same
   * @throws EnvError unless it is from 0 to 1
   */
  constructor(env: Env, { probability }: { readonly probability: number }) {
    super(env);
    if (!(probability >= 0 && probability <= 1)) {
      throw new EnvError(`StochasticAction: probability is from 0 to 1, not ${probability}`);
    }
    this.probability = probability;
  }

  override reset(args: ResetArguments = {}, into?: Observation) {
    const result = super.reset(args, into);
    if (args.seed !== undefined) this.#random = new Random(`${args.seed}:actions`);
    this.#random ??= new Random();
    this.#over = false;
    return result;
  }

  override step(action: number, into?: Observation): StepResult {
    if (this.#random === undefined) {
      throw new EnvError(`${this.spec.id}: reset it before the first step`);
    }
    // An action that the world refuses must not advance the generator.
    if (this.#over || !this.actionSpace.contains(action)) return super.step(action, into);
    const replaced = this.#random.uniform() < this.probability;
    const took = replaced ? this.actionSpace.sample(this.#random) : action;
    const result = super.step(took, into);
    this.#over = result.terminated || result.truncated;
    return replaced ? { ...result, info: { ...result.info, tookAction: took } } : result;
  }

  override state(): Json {
    return this.sealed({ random: this.#random?.state() ?? null, over: this.#over });
  }

  override restore(state: Json, into?: Observation): Observation {
    const { own, env } = this.unsealed(stateSchema, state);
    const observation = super.restore(env, into);
    this.#random = Random.restore(own.random);
    this.#over = own.over;
    return observation;
  }
}
