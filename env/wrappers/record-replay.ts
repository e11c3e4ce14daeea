import * as z from 'zod';
import type { Env, Json, Observation, ResetArguments, StepResult } from '../contract.ts';
import { pictureHash } from '../picture-number.ts';
import { asMade } from './wrap-spec.ts';
import { Wrapper } from './wrapper.ts';

/** The most steps that are recorded of an episode; later ones are left out. */
const MOST_STEPS = 2_048;

const count = z.int().min(0);
const recordingSchema = z.strictObject({
  from: z.json() as z.ZodType<Json>,
  /** Names of the pictures, as `pictureHash` gives them. */
  start: count,
  actions: z.array(count).max(MOST_STEPS),
  rewards: z.array(z.number()),
  pictures: z.array(count),
});
const stateSchema = z.strictObject({ episode: count, recording: recordingSchema.nullable() });
type Recording = z.infer<typeof recordingSchema>;

/** A finished episode. As JSON in a file, `timegrid watch FILE` plays and verifies it. */
export interface RecordedEpisode {
  readonly format: 'timegrid-replay';
  readonly version: 1;
  /** The arguments of `make`. */
  readonly world: { readonly id: string; readonly options: Readonly<Record<string, unknown>> };
  readonly number: null;
  /** Which of the wrapper's episodes it is, from 0. */
  readonly seed: number;
  readonly policy: 'sample';
  /** The world's state when the episode began. */
  readonly from: Json;
  readonly panes: readonly [
    {
      readonly name: string;
      readonly run: null;
      /** The name of the first picture. */
      readonly start: number;
      /** Of each step: the action, its reward, and the name of the picture after it. */
      readonly actions: readonly number[];
      readonly rewards: readonly number[];
      readonly pictures: readonly number[];
    },
  ];
}

export interface RecordReplaySettings {
  /** Called with each recorded episode at its end. */
  readonly onEpisode: (episode: RecordedEpisode) => void;
  /** Which episodes, numbered from 0, are recorded; all by default. Recording draws a picture at every step. */
  readonly when?: (episode: number) => boolean;
  /** Who acts, for the page. */
  readonly name?: string;
}

/**
 * Records episodes (Gymnasium's `RecordVideo`, but as actions, rewards and hashes of the pictures, from which the world plays the
 * episode again): `new RecordReplay(env, { onEpisode: (e) => writeFileSync(`${e.seed}.json`, JSON.stringify(e)) })`. An episode that
 * another reset cuts short is dropped. The spaces do not change.
 *
 * A replay is played in the world as its spec makes it (`asMade`). If wrappers added since then change actions or rewards, the replay
 * differs: make them part of a kind of world (`wrapSpec`), or record inside them.
 */
export class RecordReplay extends Wrapper {
  readonly #settings: Required<RecordReplaySettings>;
  readonly #made: Env;
  /** The number of the next episode. */
  #episode = 0;
  #recording: Recording | null = null;

  constructor(env: Env, { onEpisode, when = () => true, name = 'recorded' }: RecordReplaySettings) {
    super(env);
    this.#settings = { onEpisode, when, name };
    this.#made = asMade(env);
  }

  override reset(args?: ResetArguments, into?: Observation) {
    const result = super.reset(args, into);
    const episode = this.#episode++;
    this.#recording = this.#settings.when(episode)
      ? { from: this.#made.state(), start: this.#picture(), actions: [], rewards: [], pictures: [] }
      : null;
    return result;
  }

  override step(action: number, into?: Observation): StepResult {
    const result = super.step(action, into);
    const recording = this.#recording;
    if (recording === null) return result;
    if (recording.actions.length < MOST_STEPS) {
      recording.actions.push(action);
      recording.rewards.push(result.reward);
      recording.pictures.push(this.#picture());
    }
    if (result.terminated || result.truncated) {
      this.#recording = null;
      this.#settings.onEpisode(this.#finished(recording));
    }
    return result;
  }

  override state(): Json {
    return this.sealed({
      episode: this.#episode,
      recording: structuredClone(this.#recording),
    });
  }

  override restore(state: Json, into?: Observation): Observation {
    const { own, env } = this.unsealed(stateSchema, state);
    const observation = super.restore(env, into);
    this.#episode = own.episode;
    this.#recording = own.recording;
    return observation;
  }

  #picture(): number {
    return pictureHash(this.env.render());
  }

  #finished({ from, start, actions, rewards, pictures }: Recording): RecordedEpisode {
    const { spec, options } = this.#made;
    return {
      format: 'timegrid-replay',
      version: 1,
      world: { id: spec.id, options },
      number: null,
      seed: this.#episode - 1,
      policy: 'sample',
      from,
      panes: [{ name: this.#settings.name, run: null, start, actions, rewards, pictures }],
    };
  }
}
