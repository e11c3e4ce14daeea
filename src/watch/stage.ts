import { type Env, fixing, type Info, type Observation, type StepResult } from '../../env/index.ts';
import { type NamedPicture, named, PictureBook, pictureNumber } from './pictures.ts';
import { MOST_STEPS } from './protocol.ts';
import { type Ending, type Opening, rounded, type WrittenStep } from './written.ts';

/** What went on in the head of whoever chose an action. */
export interface Thought {
  /** Of each action. */
  readonly probabilities: ArrayLike<number>;
  /** In units of reward. */
  readonly value: number;
  /** The picture that was seen. */
  readonly observed: number;
  readonly extras: WrittenStep['extras'];
}

/** One episode of a world, whoever acts in it, written down as it goes. */
export class Stage {
  readonly opening: Opening;
  readonly pictures = new PictureBook();
  /** What the world shows now; the world writes into it. */
  readonly observation: Observation;
  #world: Env;
  #steps = 0;
  #return = 0;
  /** The step that it is to end at, where the number told says one. */
  #due: number | null;
  #ending: Ending | null = null;

  /**
   * Begins the episode.
   * @param time null: the world draws it
   * @throws OptionError for a time that the world refuses
   */
  constructor(world: Env, seed: string, time: number | null) {
    this.#world = world;
    this.observation = begun(world, seed, time);
    this.opening = {
      time: toldBy(world, this.observation, time),
      picture: this.pictures.add(world.render()),
      position: this.#position(),
    };
    this.#due = world.number?.countsSteps ? this.opening.time : null;
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Set once the episode is over. */
  get ending(): Ending | null {
    return this.#ending;
  }

  /** Takes an action. @param thought null for a person @throws EnvError for an action that there is not */
  step(action: number, thought: Thought | null): WrittenStep {
    const result = this.#world.step(action, this.observation);
    this.#steps += 1;
    this.#return += result.reward;
    this.#ending = this.#endingOf(result);
    const facts = {
      action,
      probabilities: thought && Array.from(thought.probabilities, rounded),
      value: thought && rounded(thought.value),
      reward: result.reward,
      picture: this.pictures.add(this.#world.render()),
      position: this.#position(),
    };
    return {
      plain: JSON.stringify(facts).slice(1, -1),
      picture: facts.picture,
      observed: thought?.observed ?? null,
      extras: thought?.extras ?? null,
    };
  }

  /** The picture that the world shows now. */
  present(): NamedPicture {
    return named(this.#world.render());
  }

  /** The number of what the agent sees now. */
  observed(): number {
    const [height, width] = this.#world.observationSpace.pixels.shape as [number, number];
    return this.pictures.add({ pixels: this.observation.pixels, height, width });
  }

  /**
   * Goes on in another world that has come to the same place by the same actions, but was told another time.
   * @param observation what that world shows
   * @returns whether it is the same place, by its picture; if not, nothing has changed
   */
  moveTo(world: Env, observation: Observation, time: number): boolean {
    if (pictureNumber(world.render()) !== pictureNumber(this.#world.render())) return false;
    this.#world.close();
    this.#world = world;
    this.#due = world.number?.countsSteps ? time : null;
    this.observation.pixels.set(observation.pixels);
    this.observation.instruction.set(observation.instruction);
    return true;
  }

  close(): void {
    this.#world.close();
  }

  #position(): [number, number] | null {
    const at = this.#world.position?.();
    return at ? [rounded(at.x), rounded(at.y)] : null;
  }

  #endingOf({ terminated, truncated, info }: StepResult): Ending | null {
    const steps = this.#steps;
    if (!terminated && !truncated && steps < MOST_STEPS) return null;
    const how = terminated ? 'terminated' : truncated ? 'truncated' : 'cut';
    const metrics = metricsOf(info);
    const arrived = metrics.arrived === undefined ? terminated : metrics.arrived > 0;
    const onTime = arrived && steps === this.#due;
    const exact = metrics.exact === undefined ? onTime : metrics.exact > 0;
    return { steps, how, return: this.#return, metrics, arrived, exact };
  }
}

/** Begins an episode. @returns its first observation */
export function begun(world: Env, seed: string, time: number | null): Observation {
  const options = time === null ? undefined : fixing(world, time);
  return world.reset({ seed, options }).observation;
}

/** The number of an episode; of one that the world drew, nobody can say which it is of several that are told. */
function toldBy({ number }: Env, { instruction }: Observation, time: number | null): number | null {
  if (!number) return null;
  return time ?? (instruction.length === 1 ? instruction[0]! : null);
}

/** JSON has no infinities: a figure that is not finite is left out. */
function metricsOf({ metrics = {} }: Info): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}
