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
  type Answer,
  type Breach,
  breachOf,
  breachOfError,
  type Call,
  quietened,
  show,
} from '../guard/answer-rules.ts';
import { reasonOf } from '../guard/ask.ts';
import { isMeasured, isPlain } from '../guard/fast-checks.ts';
import { Random } from '../random.ts';

/** What a world that throws where nothing is wrong has broken. */
export const THROWS_NOTHING = 'throws-nothing';

/** What a world that cannot be made has broken. */
export const MADE = 'world-made';

/** A rule was broken: the one that was judged, or another that showed itself meanwhile. */
export class Broken extends Error {
  readonly breach: Breach;

  constructor(breach: Breach) {
    super(breach.problem);
    this.breach = breach;
  }
}

/** A rule cannot be judged in this world. */
export class Unjudged extends Error {}

/** A world of which every answer is judged by the rules for single answers; whatever it throws counts as broken, too. */
export class Trial {
  readonly world: Env;
  #episode = 0;
  #step = 0;
  #over = true;

  constructor(world: Env) {
    this.world = world;
  }

  /** Whether there is no episode to go on with. */
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

  /** Steps; a world that is over begins its next episode instead. */
  advance(action: number, into?: Observation): ResetResult | StepResult {
    return this.#over ? this.reset(undefined, into) : this.step(action, into);
  }

  /** As `advance`, at full speed: an answer that is sound at a glance is believed. @param into as `blank` made it */
  hasten(action: number, into: Observation): void {
    if (this.#over) {
      this.reset(undefined, into);
      return;
    }
    this.#step++;
    const result = this.#noThrow('step', () => this.world.step(action, into));
    if (
      !isPlain(result, into, this.world.observationSpace.instruction) ||
      !isMeasured(result.info.metrics)
    ) {
      this.#believed({ call: 'step', result, into });
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
    this.#believed({ call, result, into });
    return result;
  }

  #believed(answer: Answer): void {
    const breach = breachOf(answer, this.world);
    if (breach === null) return;
    throw new Broken({ ...breach, problem: `${breach.problem} (${this.place})` });
  }

  #noThrow<Result>(call: string, ask: () => Result): Result {
    try {
      return ask();
    } catch (error) {
      const breach = breachOfError(error);
      if (breach !== null) throw new Broken(breach);
      const problem = `${call} threw “${reasonOf(error)}” (${this.place})`;
      throw new Broken({ rule: THROWS_NOTHING, problem, advice: 'mend what it says' });
    }
  }
}

/** What a rule has to judge by. */
export class Subject {
  /** How many steps a rule plays. */
  readonly steps: number;
  /** Steps after which an episode's end is no longer waited for. */
  readonly longest: number;
  readonly #make: () => Env;
  readonly #made: Trial[] = [];
  #endless = false;

  constructor(make: () => Env, steps: number, longest: number) {
    this.#make = make;
    this.steps = steps;
    this.longest = longest;
  }

  /** A new world, not yet reset. */
  make(): Trial {
    const trial = new Trial(made(this.#make));
    this.#made.push(trial);
    return trial;
  }

  /** A new world that has begun an episode. */
  begun(seed: number | string = 7): Trial {
    const trial = this.make();
    trial.reset({ seed });
    return trial;
  }

  /** A new source of actions, always the same. */
  actions(trial: Trial): () => number {
    const random = new Random('conformance');
    const { n } = trial.world.actionSpace;
    return () => random.integer(0, n - 1);
  }

  /** Plays an episode to its end. @throws Unjudged where it does not end */
  end(
    trial: Trial,
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

  /** Closes the worlds made since the last time. */
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
    if (quietened(world)) throw new TypeError('create returned a promise');
    const lacking = METHODS.find((name) => typeof world?.[name] !== 'function');
    if (lacking === undefined) return world as Env;
    problem = `${show(world)} has no method ${lacking}`;
  } catch (error) {
    problem = `it could not be made: ${reasonOf(error)}`;
  }
  throw new Broken({ rule: MADE, problem, advice: 'return a world from create, at once' });
}
