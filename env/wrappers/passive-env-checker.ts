import * as z from 'zod';
import type {
  Frame,
  Json,
  Observation,
  ResetArguments,
  ResetResult,
  StepResult,
} from '../contract.ts';
import { EnvError } from '../errors.ts';
import type { Violation } from '../guard/answer-rules.ts';
import { type CallSite, guardCall, guardClose, violationError } from '../guard/guarded-calls.ts';
import { Wrapper } from './wrapper.ts';

/**
 * Checks every answer of the world inside and throws where one breaks a rule of the contract: what was wrong, at which step of the
 * episode, and what to change (Gymnasium's `PassiveEnvChecker` warns instead). These are the conformance kit's rules for single
 * answers; the kit also checks what no single answer can show. The spaces do not change.
 */
export class PassiveEnvChecker extends Wrapper {
  /** Steps of the episode. */
  #steps = 0;
  /** The pixels that the world allocated last. */
  #allocated: WeakRef<Uint8Array> | undefined;

  override reset(args?: ResetArguments, into?: Observation): ResetResult {
    this.#steps = 0;
    return this.#checked('reset', into, () => super.reset(args, into));
  }

  override step(action: number, into?: Observation): StepResult {
    if (!this.actionSpace.contains(action)) {
      const { n } = this.actionSpace;
      throw new EnvError(
        `${this.spec.id}: an action is a whole number from 0 to ${n - 1}, not ${action}`,
      );
    }
    this.#steps++;
    return this.#checked('step', into, () => super.step(action, into));
  }

  override state(): Json {
    return this.sealed(
      this.#steps,
      this.#guarded('state', () => super.state()),
    );
  }

  override render(): Frame {
    return this.#guarded('render', () => super.render());
  }

  override close(): void {
    guardClose(this.env);
  }

  protected override locate() {
    return this.#guarded('position', () => super.locate());
  }

  override restore(state: Json, into?: Observation): Observation {
    const { own, env } = this.unsealed(z.int().min(0), state);
    this.#steps = own;
    return this.#checked('restore', into, () => super.restore(env, into));
  }

  /** @throws WorldError for an answer that breaks a rule, and for whatever the world throws */
  #guarded<Result>(call: CallSite['call'], answer: () => Result): Result {
    return guardCall(this.env, { call }, answer);
  }

  /** The same for an answer with an observation. */
  #checked<Result>(call: CallSite['call'], into: Observation | undefined, answer: () => Result) {
    const handed = { ...into };
    const site = { call, into, step: this.#steps };
    const result = guardCall(this.env, site, answer);
    const violation = this.#aliasing(result, into, handed);
    if (violation !== null) throw violationError(this.env, site, violation);
    return result;
  }

  /** Whether the world keeps an array that it returned, or returned one twice. */
  #aliasing(
    result: unknown,
    into: Observation | undefined,
    handed: Partial<Observation>,
  ): Violation | null {
    if (into !== undefined) {
      if (into.pixels === handed.pixels && into.instruction === handed.instruction) return null;
      return {
        rule: 'into-returned',
        problem: 'it put an array of its own into the observation that it was handed',
        advice: 'write into the arrays `into.pixels` and `into.instruction` that are there',
      };
    }
    const { pixels } = ((result as ResetResult).observation ?? result) as Observation;
    const twice = this.#allocated?.deref() === pixels;
    this.#allocated = new WeakRef(pixels);
    if (!twice) return null;
    return {
      rule: 'observation-fresh',
      problem: 'it returned the same array as before, which whoever got it may still hold',
      advice: 'allocate an observation whenever none is handed in',
    };
  }
}
