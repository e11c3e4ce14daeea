import * as z from 'zod';
import type { Json, Observation, ResetArguments, StepResult } from '../contract.ts';
import { EnvError } from '../errors.ts';
import { Wrapper } from './wrapper.ts';

type Phase = 'made' | 'going' | 'over' | 'closed';

/**
 * Enforces the order `reset`, `step` …, `reset` (Gymnasium's `OrderEnforcing`): it throws for a step, a picture or a state before the
 * first reset, for a step after an episode's end, and after `close` for anything but another `close`. The world inside need not check
 * that itself. The spaces do not change.
 */
export class OrderEnforcing extends Wrapper {
  #phase: Phase = 'made';

  override reset(args?: ResetArguments, into?: Observation) {
    this.#refuseClosed();
    const result = super.reset(args, into);
    this.#phase = 'going';
    return result;
  }

  override step(action: number, into?: Observation): StepResult {
    this.#require('the first step');
    if (this.#phase === 'over') {
      throw new EnvError(`${this.spec.id}: the episode is over; reset it before the next step`);
    }
    const result = super.step(action, into);
    if (result.terminated || result.truncated) this.#phase = 'over';
    return result;
  }

  override render() {
    this.#require('rendering it');
    return super.render();
  }

  override state(): Json {
    this.#require('taking its state');
    return this.sealed(this.#phase);
  }

  override restore(state: Json, into?: Observation): Observation {
    this.#refuseClosed();
    const { own, env } = this.unsealed(z.enum(['going', 'over']), state);
    const observation = super.restore(env, into);
    this.#phase = own;
    return observation;
  }

  override close(): void {
    super.close();
    this.#phase = 'closed';
  }

  protected override locate() {
    this.#require('asking for its position');
    return super.locate();
  }

  #require(before: string): void {
    this.#refuseClosed();
    if (this.#phase === 'made') throw new EnvError(`${this.spec.id}: reset it before ${before}`);
  }

  #refuseClosed(): void {
    if (this.#phase === 'closed') {
      throw new EnvError(`${this.spec.id}: it is closed; make another one`);
    }
  }
}
