import { askWorld } from '../../env/guard/ask.ts';
import {
  type Env,
  type Frame,
  fixing,
  type Info,
  type Observation,
  pictureHash,
  type StepResult,
} from '../../env/index.ts';
import { MOST_STEPS } from '../watch/protocol.ts';
import { shown } from './observed-picture.ts';
import { type NamedPicture, named, PictureBook } from './pictures.ts';
import { type EpisodeEnd, type EpisodeStart, rounded, type WrittenStep } from './written-step.ts';

/** What went on in the head of whoever chose an action. */
export interface ActionChoice {
  /** Of each action. */
  readonly probabilities: ArrayLike<number>;
  /** In units of reward. */
  readonly value: number;
  /** The picture that was seen. */
  readonly observed: number;
  readonly extras: WrittenStep['extras'];
}

/** The number that is told now, where the world tells one. */
function toldNumber({ number }: Env, { instruction }: Observation): number | null {
  return number === undefined ? null : (instruction[number.place ?? 0] ?? null);
}

/** One episode of a world, whoever acts in it, written down as it goes. */
export class RecordedWorld {
  readonly opening: EpisodeStart;
  readonly pictures = new PictureBook();
  /** What the world shows now; the world writes into it. */
  readonly observation: Observation;
  #world: Env;
  #steps = 0;
  #return = 0;
  /** The step that it is to end at, where the number told says one. */
  #due: number | null;
  #ending: EpisodeEnd | null = null;

  /**
   * Begins the episode.
   * @param time null: the world draws it
   * @throws OptionError for a time that the world refuses
   */
  constructor(world: Env, seed: string, number: number | null) {
    this.#world = world;
    this.observation = begun(world, seed, number);
    this.opening = {
      number: toldNumber(world, this.observation),
      picture: this.pictures.add(rendered(world)),
      position: this.#position(),
    };
    this.#due = world.number?.countsSteps ? this.opening.number : null;
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Set once the episode is over. */
  get ending(): EpisodeEnd | null {
    return this.#ending;
  }

  /** Takes an action. @param thought null for a person @throws EnvError for an action that there is not */
  step(action: number, thought: ActionChoice | null): WrittenStep {
    const result = stepped(this.#world, this.#steps + 1, action, this.observation);
    this.#steps += 1;
    this.#return += result.reward;
    this.#ending = this.#endingOf(result);
    const facts = {
      action,
      probabilities: thought && Array.from(thought.probabilities, rounded),
      value: thought && rounded(thought.value),
      reward: result.reward,
      picture: this.pictures.add(rendered(this.#world)),
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
    return named(rendered(this.#world));
  }

  /** The number of what the agent sees now. */
  observed(): number {
    return this.pictures.add(shown(this.observation.pixels, this.#world.observationSpace.pixels));
  }

  /**
   * Goes on in another world that has come to the same place by the same actions, but was told another time.
   * @param observation what that world shows
   * @returns whether it is the same place, by its picture; if not, nothing has changed
   */
  moveTo(world: Env, observation: Observation, number: number): boolean {
    if (pictureHash(rendered(world)) !== pictureHash(rendered(this.#world))) return false;
    this.#world.close();
    this.#world = world;
    this.#due = world.number?.countsSteps ? number : null;
    this.observation.pixels.set(observation.pixels);
    this.observation.instruction.set(observation.instruction);
    return true;
  }

  /** A world that cannot let go of what it holds is no trouble of whoever watched. */
  close(): void {
    try {
      this.#world.close();
    } catch {}
  }

  #position(): [number, number] | null {
    const world = this.#world;
    const at = world.position && askWorld(world, { call: 'position' }, () => world.position!());
    return at ? [rounded(at.x), rounded(at.y)] : null;
  }

  #endingOf({ terminated, truncated, info }: StepResult): EpisodeEnd | null {
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
export function begun(world: Env, seed: string, number: number | null): Observation {
  const options = number === null ? undefined : fixing(world, number);
  const { observation } = askWorld(world, { call: 'reset' }, () => world.reset({ seed, options }));
  // Frozen, so that a world cannot put other arrays into it.
  return Object.freeze({ ...observation });
}

/** Takes step number `step` of an episode. @throws WorldError, as `begun` does, where the world comes to grief */
export function stepped(world: Env, step: number, action: number, into: Observation): StepResult {
  return askWorld(world, { call: 'step', step, into }, () => world.step(action, into));
}

/** The picture of a world. @throws WorldError */
export function rendered(world: Env): Frame {
  return askWorld(world, { call: 'render' }, () => world.render());
}

/** JSON has no infinities: a figure that is not finite is left out. */
function metricsOf({ metrics = {} }: Info): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}
