/**
 * What a world is: the whole contract between a world and whatever acts in it, after Gymnasium 1.x and dm_env.
 *
 * An episode begins with `reset`, continues with `step` and ends with a result that is `terminated` (it reached its own end:
 * there is no future reward) or `truncated` (it was cut off: there would have been more). The two are never merged, because a
 * learner bootstraps from the last observation of a truncated episode only.
 */

import type { InstructedNumber, OtherNumber } from './number.ts';
import type { OptionsSchema } from './options.ts';
import type { Seed } from './random.ts';
import type { Box, Discrete } from './spaces.ts';

/** What an agent sees. It never sees anything else. */
export interface Observation {
  /** uint8 [height, width, channels], row by row; three channels are red, green and blue. */
  readonly pixels: Uint8Array;
  /** float32 [k], numbers told to the agent; `k = 0` is a world that instructs nothing. */
  readonly instruction: Float32Array;
}

/** What a world reports besides the observation; an agent must not act on it. */
export interface Info {
  /** Figures of a whole episode, present on its last result only; a training loop averages them by name without knowing the world. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** On an episode's first result: whether the number told can be followed to the letter from there. A world that leaves it out does not say. */
  readonly canBeExact?: boolean;
  readonly [key: string]: unknown;
}

/** The first observation of an episode. */
export interface ResetResult {
  readonly observation: Observation;
  readonly info: Info;
}

/** What one action led to. */
export interface StepResult {
  readonly observation: Observation;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: Info;
}

/** A picture for people: uint8 [height, width, 3]. */
export interface Frame {
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** What survives `JSON.parse(JSON.stringify(value))` unchanged. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export interface ResetArguments {
  /** Reseeds the world's generator. Without it the generator continues; the first reset without it draws a seed. */
  readonly seed?: Seed;
  /** Options of this one episode, those that `spec.resetOptions` declares. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A kind of world: its name, what can be chosen about it, and how to make one. */
export interface EnvSpec {
  /** Name and version, as `TimedGrid-v0`. A change that alters results gets a new version. */
  readonly id: string;
  /** One sentence for a list of worlds. */
  readonly summary: string;
  /** Options of the world, each with its default and description. */
  readonly options: OptionsSchema;
  /** Options of a single episode, given to `reset`. */
  readonly resetOptions: OptionsSchema;
  /** The names of all metrics besides `exact`, `arrived` and `error`: any other is an error then. Without it, every name is taken. */
  readonly metrics?: readonly string[];
  /** @throws OptionError for an unknown or ill-typed option */
  create(options?: Readonly<Record<string, unknown>>): Env;
}

/**
 * One world.
 * `reset`, `step` and `restore` write the observation into `into` where it is given (each of its elements, whatever it held) and
 * return that very object; otherwise they allocate a new one. Either way the world keeps no reference to it.
 */
export interface Env {
  readonly spec: EnvSpec;
  /** The options it was made with, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly observationSpace: { readonly pixels: Box; readonly instruction: Box };
  readonly actionSpace: Discrete;
  /** The main number that it tells, which `exact` speaks of. Absent where nothing that it tells can be chosen. */
  readonly number?: InstructedNumber;
  /** The other numbers that it tells, where there are several. */
  readonly otherNumbers?: readonly OtherNumber[];
  /** Begins an episode. @throws OptionError for an unknown or ill-typed option */
  reset(args?: ResetArguments, into?: Observation): ResetResult;
  /** @throws EnvError before the first reset, after an episode's end, and for an action outside `actionSpace` */
  step(action: number, into?: Observation): StepResult;
  /** The picture of the current state. */
  render(): Frame;
  /** Where the agent is, in fractions of the picture from its top left corner; a world without it shows no path. */
  position?(): { readonly x: number; readonly y: number };
  /** Releases whatever the world holds; closing twice is harmless. */
  close(): void;
  /** Everything that determines how the world continues, generator included. @throws EnvError before the first reset */
  state(): Json;
  /**
   * Continues from a state taken from a world of the same id and options, exactly as that world would have.
   * @returns the observation of that state
   * @throws EnvError if it is not such a state
   */
  restore(state: Json, into?: Observation): Observation;
}

const NO_INFO: Info = Object.freeze({});

/** The first observation of an episode. */
export function restart(observation: Observation, info: Info = NO_INFO): ResetResult {
  return { observation, info };
}

/** The episode continues. */
export function transition(
  observation: Observation,
  reward: number,
  info: Info = NO_INFO,
): StepResult {
  return { observation, reward, terminated: false, truncated: false, info };
}

/** The episode reached its own end: there is no future reward. */
export function termination(
  observation: Observation,
  reward: number,
  info: Info = NO_INFO,
): StepResult {
  return { observation, reward, terminated: true, truncated: false, info };
}

/** The episode was cut off: there would have been more reward. */
export function truncation(
  observation: Observation,
  reward: number,
  info: Info = NO_INFO,
): StepResult {
  return { observation, reward, terminated: false, truncated: true, info };
}
