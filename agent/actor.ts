import { FrameTable } from './encoder/frame-table.ts';
import type { Feeds, Results, Runner } from './engines/engine.ts';

/** What an actor's programs need besides its observations. */
export interface ActorSettings {
  /** Worlds acted in at once. */
  readonly B: number;
  /** Bytes of a frame. */
  readonly frameSize: number;
  /** Numbers that encoding makes of a frame. */
  readonly driveSize: number;
  /** What else to keep of a frame's encoding, for learning, by name: how many numbers. */
  readonly layerSizes?: Readonly<Record<string, number>>;
  /** Most distinct frames held at a time. */
  readonly capacity: number;
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

/**
 * Acts in B worlds at once. A frame is encoded when it is first seen; until `forget` is called, equal
 * frames reuse that.
 */
export class Actor {
  readonly frames: FrameTable;
  readonly #settings: ActorSettings;
  readonly #encode: Runner;
  readonly #act: Runner;
  /** What encoding made of each frame, by name; `size` numbers a frame. */
  readonly #encoding: Readonly<Record<string, { data: Float32Array; size: number }>>;
  #encoded = 0;

  constructor(settings: ActorSettings, programs: { encode: Runner; act: Runner }) {
    this.#settings = settings;
    this.#encode = programs.encode;
    this.#act = programs.act;
    this.frames = new FrameTable(settings.frameSize, settings.capacity);
    const sizes = { ...settings.layerSizes, drive: settings.driveSize };
    this.#encoding = Object.fromEntries(
      Object.entries(sizes).map(([name, size]) => [
        name,
        { data: new Float32Array(settings.capacity * size), size },
      ]),
    );
  }

  /** Forgets every frame: to be called whenever the parameters have changed. */
  forget(): void {
    this.frames.clear();
    this.#encoded = 0;
  }

  /** The distinct frames since `forget` and what encoding made of them, for the learner: views, valid until then. */
  get encoded(): Feeds {
    return { pixels: this.frames.pixels(), ...this.#encodingOf(0, this.#encoded) };
  }

  /**
   * @param start [B], one where an episode starts with this observation
   * @param state [B, S]
   * @param index receives which distinct frame each world shows, int32 [B]
   */
  async act(
    { pixels, instruction }: ActorObservation,
    start: Float32Array,
    state: Float32Array,
    index: Int32Array = new Int32Array(this.#settings.B),
  ): Promise<ActorStep> {
    const { B, frameSize, parameters } = this.#settings;
    for (let b = 0; b < B; b++) {
      index[b] = this.frames.indexOf(pixels.subarray(b * frameSize, (b + 1) * frameSize));
    }
    const { count } = this.frames;
    if (count > this.#encoded) {
      const pixels = this.frames.pixels(this.#encoded);
      await this.#encode.run({ ...parameters, pixels }, this.#encodingOf(this.#encoded, count));
      this.#encoded = count;
    }
    const { drive } = this.#encodingOf(0, count);
    const feeds = { ...parameters, drive: drive!, index, instruction, start, state };
    const { probabilities, value, nextState } = await this.#act.run(feeds);
    return { probabilities: probabilities!, value: value!, nextState: nextState! };
  }

  #encodingOf(from: number, to: number): Results {
    return Object.fromEntries(
      Object.entries(this.#encoding).map(([name, { data, size }]) => [
        name,
        data.subarray(from * size, to * size),
      ]),
    );
  }
}
