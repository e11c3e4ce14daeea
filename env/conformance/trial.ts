import type {
  Env,
  Frame,
  Json,
  Observation,
  ResetArguments,
  ResetResult,
  StepResult,
} from '../contract.ts';
import {
  type Call,
  type CallResult,
  findViolation,
  isUnawaitedPromise,
  show,
  type Violation,
  violationOfError,
} from '../guard/answer-rules.ts';
import { areFinite, isSoundStep } from '../guard/fast-checks.ts';
import { describeThrown, firstLineOf, placeOf } from '../guard/thrown.ts';
import { Random } from '../random.ts';

/** The rule that a world breaks which throws where nothing is wrong. */
export const THROWS_NOTHING = 'throws-nothing';

/** The rule that a world breaks which cannot be made. */
export const MADE = 'world-made';

/** A rule was broken: the one being judged, or another. */
export class Broken extends Error {
  readonly violation: Violation;

  constructor(violation: Violation) {
    super(violation.problem);
    this.violation = violation;
  }
}

/** A rule cannot be judged in this world. */
export class Unjudged extends Error {}

/** A world whose every result is checked by the rules for single calls. Whatever it throws breaks a rule too. */
export class JudgedWorld {
  readonly world: Env;
  #episode = 0;
  #step = 0;
  #over = true;

  constructor(world: Env) {
    this.world = world;
  }

  /** Whether there is no running episode. */
  get over(): boolean {
    return this.#over;
  }

  /** Where it is, for a sentence. */
  get place(): string {
    return `step ${this.#step} of episode ${this.#episode}`;
  }

  reset(args?: ResetArguments, into?: Observation): ResetResult {
    this.#episode++;
    this.#step = 0;
    this.#over = false;
    return this.#ask('reset', into, () => this.world.reset(args, into));
  }

  step(action: number, into?: Observation): StepResult {
    this.#step++;
    const result = this.#ask('step', into, () => this.world.step(action, into));
    this.#over = result.terminated || result.truncated;
    return result;
  }

  /** Steps, or begins the next episode where the last one is over. */
  advance(action: number, into?: Observation): ResetResult | StepResult {
    return this.#over ? this.reset(undefined, into) : this.step(action, into);
  }

  /** As `advance`, at full speed: only a result that fails the fast check is judged in full. @param into as `blank` made it */
  advanceFast(action: number, into: Observation): void {
    if (this.#over) {
      this.reset(undefined, into);
      return;
    }
    this.#step++;
    const result = this.#noThrow('step', () => this.world.step(action, into));
    if (
      !isSoundStep(result, into, this.world.observationSpace.instruction) ||
      !areFinite(result.info.metrics)
    ) {
      this.#check({ call: 'step', result, into });
    }
    this.#over = result.terminated || result.truncated;
  }

  state(): Json {
    return this.#ask('state', undefined, () => this.world.state());
  }

  /** @param over whether the state is one after an episode's end */
  restore(state: Json, over: boolean, into?: Observation): Observation {
    this.#over = over;
    return this.#ask('restore', into, () => this.world.restore(state, into));
  }

  render(): Frame {
    return this.#ask('render', undefined, () => this.world.render());
  }

  position(): { readonly x: number; readonly y: number } | undefined {
    if (this.world.position === undefined) return undefined;
    return this.#ask('position', undefined, () => this.world.position!());
  }

  close(): void {
    this.#ask('close', undefined, () => this.world.close());
  }

  /** An observation for it to write into, every element `fill`; frozen, so that its arrays cannot be replaced. */
  blank(fill = 0): Observation {
    const { pixels, instruction } = this.world.observationSpace;
    return Object.freeze({
      pixels: new Uint8Array(pixels.length).fill(fill),
      instruction: new Float32Array(instruction.length).fill(fill),
    });
  }

  #ask<Result>(call: Call, into: Observation | undefined, ask: () => Result): Result {
    const result = this.#noThrow(call, ask);
    this.#check({ call, result, into });
    return result;
  }

  #check(answer: CallResult): void {
    const violation = findViolation(answer, this.world);
    if (violation === null) return;
    throw new Broken({ ...violation, problem: `${violation.problem} (${this.place})` });
  }

  #noThrow<Result>(call: string, ask: () => Result): Result {
    try {
      return ask();
    } catch (error) {
      const violation = violationOfError(error);
      if (violation !== null) throw new Broken(violation);
      const problem = `${call} threw “${firstLineOf(error)}”${placeOf(error)} at ${this.place}`;
      throw new Broken({ rule: THROWS_NOTHING, problem, advice: 'fix the error it reports' });
    }
  }
}

/** What a rule judges. */
export class Subject {
  /** How many steps a rule plays. */
  readonly steps: number;
  /** Steps after which an episode counts as endless. */
  readonly longest: number;
  readonly #make: () => Env;
  readonly #made: JudgedWorld[] = [];
  #endless = false;

  constructor(make: () => Env, steps: number, longest: number) {
    this.#make = make;
    this.steps = steps;
    this.longest = longest;
  }

  /** A new world, not yet reset. */
  make(): JudgedWorld {
    const trial = new JudgedWorld(made(this.#make));
    this.#made.push(trial);
    return trial;
  }

  /** A new world that has begun an episode. */
  begun(seed: number | string = 7): JudgedWorld {
    const trial = this.make();
    trial.reset({ seed });
    return trial;
  }

  /** A new source of actions, always the same. */
  actions(trial: JudgedWorld): () => number {
    const random = new Random('conformance');
    const { n } = trial.world.actionSpace;
    return () => random.integer(0, n - 1);
  }

  /** Plays an episode to its end. @throws Unjudged where it does not end */
  end(
    trial: JudgedWorld,
    action = this.actions(trial),
    onStep: (result: StepResult) => void = () => {},
  ): StepResult {
    for (let i = 0; i < this.longest && !this.#endless; i++) {
      const result = trial.step(action());
      onStep(result);
      if (trial.over) return result;
    }
    this.#endless = true;
    throw new Unjudged(`no episode ended within ${this.longest} steps of random actions`);
  }

  /** Closes the worlds made since the last call. */
  clear(): void {
    for (const { world } of this.#made.splice(0)) {
      try {
        world.close();
      } catch {} // `close` has a rule of its own
    }
  }
}

const METHODS = ['reset', 'step', 'render', 'close', 'state', 'restore'] as const;

/** A new world. @throws Broken where none is made */
export function made(make: () => Env): Env {
  let problem: string | undefined;
  try {
    const world = make() as Partial<Env> | null;
    if (isUnawaitedPromise(world)) throw new TypeError('create returned a promise');
    const lacking = METHODS.find((name) => typeof world?.[name] !== 'function');
    if (lacking === undefined) return world as Env;
    problem = `${show(world)} has no method ${lacking}`;
  } catch (error) {
    problem = `it could not be made: ${describeThrown(error)}`;
  }
  throw new Broken({ rule: MADE, problem, advice: 'return a world from create, at once' });
}
