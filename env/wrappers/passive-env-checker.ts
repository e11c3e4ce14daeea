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
import { REPLACED_ARRAY, type Violation } from '../guard/answer-rules.ts';
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

  /** The same for an answer with an observation, whose arrays the world may neither replace nor return twice. */
  #checked<Result>(call: CallSite['call'], into: Observation | undefined, answer: () => Result) {
    const { pixels, instruction } = into ?? {};
    const site = { call, into, step: this.#steps };
    const result = guardCall(this.env, site, answer);
    const isReplaced = into?.pixels !== pixels || into?.instruction !== instruction;
    if (isReplaced) throw violationError(this.env, site, REPLACED_ARRAY);
    if (into === undefined && this.#isReturnedAgain(result)) {
      throw violationError(this.env, site, RETURNED_AGAIN);
    }
    return result;
  }

  #isReturnedAgain(result: unknown): boolean {
    const { pixels } = ((result as ResetResult).observation ?? result) as Observation;
    const isSame = this.#allocated?.deref() === pixels;
    this.#allocated = new WeakRef(pixels);
    return isSame;
  }
}

const RETURNED_AGAIN: Violation = {
  rule: 'observation-fresh',
  problem: 'it returned the same array as before, which its receiver may still hold',
  advice: 'allocate a new observation whenever no `into` is given',
};
