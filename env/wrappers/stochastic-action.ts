import * as z from 'zod';
import type { Env, Json, Observation, ResetArguments, StepResult } from '../contract.ts';
import { EnvError } from '../errors.ts';
import { Random, randomStateSchema } from '../random.ts';
import { Wrapper } from './wrapper.ts';

const stateSchema = z.strictObject({ random: randomStateSchema, over: z.boolean() });

/**
 * Takes a random action in the place of the chosen one now and then, so that no sequence of actions can be learned by heart
 * (MiniGrid's `StochasticActionWrapper`). Where it did, the info says what was taken, as `tookAction`. What it draws comes from a
 * generator of its own that starts from the seed of `reset`, so that the world inside draws what it always drew. The spaces stay as they are.
 */
export class StochasticAction extends Wrapper {
  readonly probability: number;
  #random: Random | undefined;
  #over = false;

  /**
   * @param probability of each action being replaced by one drawn from all, the chosen one among them
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
    // What the world would refuse draws nothing.
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
