import { areEqual } from '#platform';
import { type Frame, type NumberValues, pictureHash } from '../../env/index.ts';
import type { ActOutput } from './act.ts';
import type { Position, WorldEpisode } from './world-episode.ts';

/** What a step shows of the agent's insides. */
export interface InnerState {
  /** Of what the pathway holds after the step. */
  readonly pathway: Float32Array;
  /** The output h of the LSTM. */
  readonly lstm: Float32Array;
}

/** What an episode starts with. */
export interface RecordedStart {
  /** The main number told; null where the world tells none. */
  readonly number: number | null;
  /** Every number told, by the name of its option. */
  readonly numbers: NumberValues;
  readonly picture: number;
  readonly position: Position | null;
}

/** One step of an episode. */
export interface RecordedStep {
  readonly action: number;
  /** Of each action; null where no agent chose it. */
  readonly probabilities: Float32Array | null;
  /** The return that the agent expected before the step, in units of reward; null as above. */
  readonly value: number | null;
  readonly reward: number;
  /** The hash of the world's picture after the step. */
  readonly picture: number;
  /** Where the agent is after the step; null where the world does not say. */
  readonly position: Position | null;
  /** The hash of what the agent saw before the step, and what was in it afterwards; null unless asked for. */
  readonly inner: (InnerState & { readonly observed: number }) | null;
}

export interface RecorderSettings {
  /** Called once with each picture, when it is first named. The frame is valid during the call. */
  onPicture?(hash: number, frame: Frame): void;
  /** Reads the agent's insides; without it they are not recorded. */
  inner?(nextState: Float32Array, instruction: Float32Array): InnerState;
}

/** Records the steps of an episode as they are taken. */
export class EpisodeRecorder {
  readonly start: RecordedStart;
  readonly #episode: WorldEpisode;
  readonly #settings: RecorderSettings;
  readonly #known = new Set<number>();
  /** The latest picture: often enough the next one is the same. */
  #latest: { readonly pixels: Uint8Array; readonly width: number; readonly hash: number } | null =
    null;
  #steps: RecordedStep[] = [];

  constructor(episode: WorldEpisode, settings: RecorderSettings = {}) {
    this.#episode = episode;
    this.#settings = settings;
    const { number, numbers } = episode;
    const picture = this.#name(episode.render());
    this.start = { number, numbers, picture, position: episode.position() };
  }

  /** The steps recorded since the last time. */
  take(): RecordedStep[] {
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }

  /** Takes an action, and records the step. @param output what the agent made of the situation; null where no agent acts */
  step(action: number, output: ActOutput | null): RecordedStep {
    const episode = this.#episode;
    const inner = output && this.#inner(output);
    const reward = episode.step(action);
    const step: RecordedStep = {
      action,
      probabilities: output?.probabilities.slice() ?? null,
      value: output?.value ?? null,
      reward,
      picture: this.#name(episode.render()),
      position: episode.position(),
      inner,
    };
    this.#steps.push(step);
    return step;
  }

  #inner({ nextState }: ActOutput): RecordedStep['inner'] {
    const state = this.#settings.inner?.(nextState, this.#episode.observation.instruction);
    return state ? { ...state, observed: this.#name(this.#episode.observed()) } : null;
  }

  #name(frame: Frame): number {
    const { pixels, width } = frame;
    const latest = this.#latest;
    if (latest?.width === width && areEqual(latest.pixels, pixels)) return latest.hash;
    const hash = pictureHash(frame);
    this.#latest = { pixels: pixels.slice(), width, hash };
    if (!this.#known.has(hash)) {
      this.#known.add(hash);
      this.#settings.onPicture?.(hash, frame);
    }
    return hash;
  }
}
