/** Turns frames into what the recurrent core needs of them (drives), each distinct frame once. */
export interface Encoder {
  /** Distinct frames since `forget`. */
  readonly count: number;
  /** float32 [≥ count, driveSize]: row i is the drive of distinct frame i; valid until the next call. */
  readonly drives: Float32Array;
  /** To be called whenever the parameters have changed. */
  forget(): void;
  /**
   * @param pixels uint8 [n, frameSize]
   * @param index int32 [n], receives which distinct frame (in order of first sight since `forget`) each is
   * @throws RangeError for more distinct frames than there is room for
   */
  encode(pixels: Uint8Array, index: Int32Array): Promise<void>;
}

/** An encoder whose parameters are learned. */
export interface LearningEncoder extends Encoder {
  /**
   * Writes the gradients of the encoder's parameters to the views given at construction.
   * @param driveGradient float32 [count, driveSize]
   */
  backward(driveGradient: Float32Array): Promise<void>;
}

/** What every encoder needs besides its programs. */
export interface EncoderSettings {
  /** Bytes of a frame. */
  readonly frameSize: number;
  /** Numbers of a drive, see `EncoderShapes`. */
  readonly driveSize: number;
  /** Most distinct frames held at a time. */
  readonly capacity: number;
  /** All parameters by name; read at every call. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
}
