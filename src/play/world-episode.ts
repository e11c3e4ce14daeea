import { findEpisodeViolation } from '../../env/guard/episode-rules.ts';
import { areFinite, isSoundStep } from '../../env/guard/fast-checks.ts';
import {
  guardCall,
  guardClose,
  violationError,
  worldError,
} from '../../env/guard/guarded-calls.ts';
import {
  type Env,
  type Frame,
  fixing,
  type Info,
  type NumberValues,
  type Observation,
  pictureHash,
  type StepResult,
  valuesIn,
} from '../../env/index.ts';
import type { EpisodeEnd, GivenNumbers } from './episodes.ts';
import { observedPicture } from './observed-picture.ts';

/** A place, as fractions of the picture from its top left corner. */
export type Position = NonNullable<ReturnType<NonNullable<Env['position']>>>;

/** Where an episode starts. */
export interface EpisodeStart extends GivenNumbers {
  readonly seed: string;
}

/** One episode of a world, whoever acts in it. No answer of the world is trusted. */
export class WorldEpisode {
  /** The main number told at the start; null where the world tells none. */
  readonly number: number | null;
  /** Every number told at the start, by the name of its option. */
  readonly numbers: NumberValues;
  /** What the world shows now; the world writes into it. */
  readonly observation: Observation;
  #world: Env;
  readonly #mostSteps: number;
  #steps = 0;
  #return = 0;
  /** The step that it should end at, where the number says one. */
  #due: number | null;
  /** What the world said at the start; it is looked at when the episode ends. */
  #canBeExact: Info['canBeExact'];
  #end: EpisodeEnd | null = null;

  /**
   * Begins the episode.
   * @param mostSteps after which it is cut off
   * @throws OptionError for a number that the world refuses; WorldError where the world throws or breaks a rule, as all methods do
   */
  constructor(world: Env, start: EpisodeStart, mostSteps = Number.POSITIVE_INFINITY) {
    this.#world = world;
    this.#mostSteps = mostSteps;
    const { seed, number, others } = start;
    const options = fixing(world, number, others);
    const { observation, info } = guardCall(world, { call: 'reset' }, () =>
      world.reset({ seed, options }),
    );
    // Frozen, so that a world cannot put other arrays into it.
    this.observation = Object.freeze({ ...observation });
    this.numbers = valuesIn(world, observation.instruction);
    const main = world.number;
    this.number = main ? (this.numbers[main.option] ?? null) : null;
    this.#due = main?.countsSteps ? this.number : null;
    this.#canBeExact = info.canBeExact;
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Set once the episode is over. */
  get end(): EpisodeEnd | null {
    return this.#end;
  }

  /** Takes an action. @returns its reward */
  step(action: number): number {
    const result = this.#ask(action);
    this.#steps += 1;
    this.#return += result.reward;
    this.#end = this.#endOf(result);
    return result.reward;
  }

  /** Takes actions until the episode is over. @returns whether it took them all */
  stepAll(actions: readonly number[]): boolean {
    for (const action of actions) {
      if (this.#end) return false;
      this.step(action);
    }
    return true;
  }

  /** The picture that the world shows now, valid until the next step. */
  render(): Frame {
    return guardCall(this.#world, { call: 'render' }, () => this.#world.render());
  }

  /** What the agent sees now, as a picture for people. */
  observed(): Frame {
    return observedPicture(this.observation.pixels, this.#world.observationSpace.pixels);
  }

  /** Where the agent is; null where the world does not say. */
  position(): Position | null {
    const world = this.#world;
    return world.position ? guardCall(world, { call: 'position' }, () => world.position!()) : null;
  }

  /**
   * Continues in the world of another episode, which has come to the same place by the same actions but was told another number.
   * @returns whether it is the same place, by its picture; if not, nothing has changed
   */
  continueIn(other: WorldEpisode): boolean {
    if (pictureHash(other.render()) !== pictureHash(this.render())) return false;
    this.close();
    this.#world = other.#world;
    this.#due = other.#due;
    this.#canBeExact = other.#canBeExact;
    this.observation.pixels.set(other.observation.pixels);
    this.observation.instruction.set(other.observation.instruction);
    return true;
  }

  /** Closes the world. That a world cannot be closed does not concern whoever played in it. */
  close(): void {
    try {
      guardClose(this.#world);
    } catch {}
  }

  /** At its first step a world is looked at closely, later at a glance where that is enough. */
  #ask(action: number): StepResult {
    const [world, into] = [this.#world, this.observation];
    const site = { call: 'step', step: this.#steps + 1, into } as const;
    if (this.#steps === 0) return guardCall(world, site, () => world.step(action, into));
    let result: StepResult;
    try {
      result = world.step(action, into);
    } catch (error) {
      throw worldError(world, site, error);
    }
    const isSound =
      isSoundStep(result, into, world.observationSpace.instruction) &&
      areFinite(result.info.metrics);
    return isSound ? result : guardCall(world, site, () => result);
  }

  /** @throws WorldError where the episode as a whole breaks a rule */
  #inspectEpisode({ metrics }: Info): void {
    const world = this.#world;
    const canBeExact = this.#canBeExact;
    const episode = { canBeExact, metrics, return: this.#return };
    const violation = findEpisodeViolation(episode, world);
    if (violation) throw violationError(world, { call: 'step', step: this.#steps }, violation);
  }

  #endOf({ terminated, truncated, info }: StepResult): EpisodeEnd | null {
    const steps = this.#steps;
    if (!terminated && !truncated && steps < this.#mostSteps) return null;
    const how = terminated ? 'terminated' : truncated ? 'truncated' : 'cut';
    if (how !== 'cut') this.#inspectEpisode(info);
    const { metrics = {} }: Info = info;
    const arrived = metrics.arrived === undefined ? terminated : metrics.arrived > 0;
    const onTime = arrived && steps === this.#due;
    const exact = metrics.exact === undefined ? onTime : metrics.exact > 0;
    return {
      ...{ steps, how, return: this.#return, metrics, arrived, exact, numbers: this.numbers },
      ...(typeof this.#canBeExact === 'boolean' && { canBeExact: this.#canBeExact }),
    };
  }
}
