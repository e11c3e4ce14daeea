import type { Encoder } from './encoder/encoder.ts';
import { gatherRows } from './encoder/rows.ts';
import type { Feeds, Runner } from './engines/engine.ts';

/** What an actor needs besides its observations. */
export interface ActorSettings {
  /** Worlds acted in at once. */
  readonly B: number;
  /** Numbers that encoding makes of a frame. */
  readonly driveSize: number;
  /** All parameters by name; read at every call. */
  readonly parameters: Record<string, Float32Array>;
}

/** Pixels uint8 [B, h, w, c], instruction [B, k]. */
export interface ActorObservation {
  readonly pixels: Uint8Array;
  readonly instruction: Float32Array;
}

/** The agent's answer to one step: probabilities [B, actions], value [B], and the next state [B, S]. */
export interface ActorStep {
  readonly probabilities: Float32Array;
  readonly value: Float32Array;
  readonly nextState: Float32Array;
}

/** Acts in B worlds at once, each distinct frame encoded once. */
export class Actor {
  readonly encoder: Encoder;
  readonly #act: Runner;
  readonly #driveSize: number;
  /** Of the latest call: the parameters are the same at every one. */
  readonly #feeds: Feeds;
  readonly #drive: Float32Array;
  readonly #index: Int32Array;

  constructor(settings: ActorSettings, encoder: Encoder, act: Runner) {
    this.#driveSize = settings.driveSize;
    this.#feeds = { ...settings.parameters };
    this.encoder = encoder;
    this.#act = act;
    this.#drive = new Float32Array(settings.B * settings.driveSize);
    this.#index = new Int32Array(settings.B);
  }

  /**
   * @param start [B], one where an episode starts with this observation
   * @param state [B, S]
   * @param index receives which distinct frame each world shows, int32 [B]
   * @param drive receives what encoding made of each world's frame, [B, driveSize]
   */
  async act(
    { pixels, instruction }: ActorObservation,
    start: Float32Array,
    state: Float32Array,
    index: Int32Array = this.#index,
    drive: Float32Array = this.#drive,
  ): Promise<ActorStep> {
    await this.encoder.encode(pixels, index);
    gatherRows(this.encoder.drives, index, this.#driveSize, drive);
    Object.assign(this.#feeds, { drive, instruction, start, state });
    const results = await this.#act.run(this.#feeds);
    const { probabilities, value, nextState } = results;
    return { probabilities: probabilities!, value: value!, nextState: nextState! };
  }
}
