import type { BatchObservation } from '../../env/index.ts';

/** The last observations of truncated episodes, collected so that an agent can value B of them at once. */
export class LastObservations {
  /** B rows, of which the first `count` are in use. */
  readonly batch: BatchObservation;
  /** The recurrent state that goes with each, [B, S]. */
  readonly state: Float32Array;
  /** Where in the rollout each was seen. */
  readonly places: Int32Array;
  count = 0;

  constructor(batch: BatchObservation, B: number, stateSize: number) {
    this.batch = batch;
    this.state = new Float32Array(B * stateSize);
    this.places = new Int32Array(B);
  }

  get full(): boolean {
    return this.count === this.places.length;
  }

  /** Adds row `b` of an observation and of the states that go with it. */
  add(b: number, observation: BatchObservation, state: Float32Array, place: number): void {
    this.#copy(observation.pixels, b, this.batch.pixels, this.count);
    this.#copy(observation.instruction, b, this.batch.instruction, this.count);
    this.#copy(state, b, this.state, this.count);
    this.places[this.count] = place;
    this.count += 1;
  }

  /** Fills the unused rows with the first one, so that none shows an old frame. */
  fillUp(): void {
    const { pixels, instruction } = this.batch;
    for (let row = this.count; row < this.places.length; row++) {
      for (const rows of [pixels, instruction, this.state]) this.#copy(rows, 0, rows, row);
    }
  }

  #copy<Rows extends Uint8Array | Float32Array>(from: Rows, row: number, to: Rows, into: number) {
    const size = from.length / this.places.length;
    to.set(from.subarray(row * size, (row + 1) * size), into * size);
  }
}
