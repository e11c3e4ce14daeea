import type { ActorStep } from './actor.ts';
import { generalizedAdvantages } from './returns.ts';

/** What one step led to in each of B worlds. */
export interface Outcome {
  /** Already scaled, [B]. */
  readonly reward: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
}

/**
 * T steps in B worlds, preallocated: append until full, say what truncated episodes were worth, finish,
 * learn, start again. All arrays are [T, B, …], the worlds innermost.
 */
export class Rollout {
  readonly T: number;
  readonly B: number;
  /** Which distinct frame was shown. */
  readonly index: Int32Array;
  readonly instruction: Float32Array;
  /** One where an episode started at that step. */
  readonly start: Float32Array;
  /** One where the LSTM lost its state before that step. */
  readonly dropped: Float32Array;
  readonly action: Int32Array;
  readonly reward: Float32Array;
  readonly value: Float32Array;
  readonly nextValue: Float32Array;
  readonly ended: Uint8Array;
  /** 1 where the step before was rewarded, 0 where not, −1 where another episode or another rollout was before. */
  readonly rewarded: Float32Array;
  readonly advantage: Float32Array;
  readonly return: Float32Array;
  /** Recurrent state before each step, [T, B, S]. */
  readonly states: Float32Array;
  #steps = 0;
  /** Where episodes were truncated whose worth has not been said. */
  readonly #cut = new Set<number>();

  constructor({ T, B, k, stateSize }: { T: number; B: number; k: number; stateSize: number }) {
    this.T = T;
    this.B = B;
    this.index = new Int32Array(T * B);
    this.instruction = new Float32Array(T * B * k);
    this.start = new Float32Array(T * B);
    this.dropped = new Float32Array(T * B);
    this.action = new Int32Array(T * B);
    this.reward = new Float32Array(T * B);
    this.value = new Float32Array(T * B);
    this.nextValue = new Float32Array(T * B);
    this.ended = new Uint8Array(T * B);
    this.rewarded = new Float32Array(T * B);
    this.advantage = new Float32Array(T * B);
    this.return = new Float32Array(T * B);
    this.states = new Float32Array(T * B * stateSize);
  }

  /** Steps appended so far. */
  get steps(): number {
    return this.#steps;
  }

  get full(): boolean {
    return this.#steps === this.T;
  }

  /** Empties the rollout and starts from this recurrent state, [B, S]. */
  begin(state: Float32Array): void {
    this.#steps = 0;
    this.#cut.clear();
    this.states.set(state);
  }

  /**
   * Appends one step: what was seen, what the agent made of it, what it did and what that led to.
   * @throws Error where the rollout is full
   */
  append(
    seen: Pick<Rollout, 'index' | 'instruction' | 'start'> & { dropped?: Float32Array },
    step: ActorStep,
    action: Int32Array,
    outcome: Outcome,
  ): void {
    if (this.full) throw new Error(`A rollout of ${this.T} steps is full.`);
    const { B } = this;
    const at = this.#steps * B;
    if (this.#steps > 0) this.#continue(at - B, step.value);
    this.index.set(seen.index, at);
    this.instruction.set(seen.instruction, this.#steps * seen.instruction.length);
    this.start.set(seen.start, at);
    if (seen.dropped) this.dropped.set(seen.dropped, at);
    this.value.set(step.value, at);
    this.action.set(action, at);
    this.reward.set(outcome.reward, at);
    for (let b = 0; b < B; b++) {
      const isKnown = this.#steps > 0 && seen.start[b] === 0;
      this.rewarded[at + b] = isKnown ? Number(this.reward[at - B + b]! > 0) : -1;
      if (outcome.truncated[b] === 1 && outcome.terminated[b] === 0) this.#cut.add(at + b);
      this.ended[at + b] = outcome.terminated[b]! | outcome.truncated[b]!;
      this.nextValue[at + b] = 0;
    }
    this.#steps += 1;
    if (!this.full) this.states.set(step.nextState, this.#steps * step.nextState.length);
  }

  /**
   * Says what a truncated episode promised: V of its last observation.
   * @param place its last step and its world, t · B + b
   * @throws Error where no episode was truncated
   */
  bootstrap(place: number, value: number): void {
    if (!this.#cut.delete(place)) throw new Error(`No episode was truncated at place ${place}.`);
    this.nextValue[place] = value;
  }

  /**
   * Computes advantages and returns once the rollout is full.
   * @param value V of the observations after the last step, [B]
   * @throws Error where the rollout is not full, or an episode was truncated and not bootstrapped
   */
  finish(value: Float32Array, discount: number, lambda: number): void {
    if (!this.full) throw new Error(`The rollout has ${this.#steps} of ${this.T} steps.`);
    if (this.#cut.size > 0) {
      throw new Error('An episode was truncated without the value of its last observation.');
    }
    this.#continue((this.T - 1) * this.B, value);
    generalizedAdvantages(this, { T: this.T, B: this.B, discount, lambda }, this);
  }

  /** Where an episode continues after the step at `at`, what follows is worth `value`. */
  #continue(at: number, value: Float32Array): void {
    for (let b = 0; b < this.B; b++) {
      if (this.ended[at + b] === 0) this.nextValue[at + b] = value[b]!;
    }
  }
}
