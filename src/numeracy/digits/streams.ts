import { DrawnNumbers } from '../drawn-numbers.ts';
import { addTo } from './train-digits.ts';

/** Sequences of one length: which picture stands at each place. */
export interface Streams {
  readonly length: number;
  /** [S, length] */
  readonly pictures: Int32Array;
}

/** Draws sequences of `count` pictures out of so many. @param key decides them */
export function drawStreams(
  key: string,
  pictures: number,
  { length, count }: { readonly length: number; readonly count: number },
): Streams {
  const random = new DrawnNumbers(`${key}/${length}`);
  return {
    length,
    pictures: Int32Array.from({ length: count * length }, () => random.integer(0, pictures - 1)),
  };
}

/** The right answers, if the pictures show these digits. @returns [S, outputs] */
export function trueAnswers(
  { length, pictures }: Streams,
  digits: Uint8Array,
  outputs: number,
): Float32Array {
  const truth = new Float32Array((pictures.length / length) * outputs);
  for (const [at, picture] of pictures.entries()) {
    addTo(truth, Math.floor(at / length), outputs, digits[picture]!);
  }
  return truth;
}

/**
 * The answer of an accumulator that reads each picture as rounded numbers: state = round(reading) + state · W.
 * @param readings [N, O], what each picture alone adds
 * @param keep W, [O, O]
 * @returns [S, O]
 */
export function accumulateRounded(
  { length, pictures }: Streams,
  readings: Float32Array,
  keep: Float32Array,
): Float32Array {
  const O = Math.sqrt(keep.length);
  const rounded = readings.map(Math.round);
  const answers = new Float32Array((pictures.length / length) * O);
  for (let s = 0; s < pictures.length / length; s += 1) {
    let state = new Float32Array(O);
    for (let t = 0; t < length; t += 1) {
      const read = pictures[s * length + t]! * O;
      const next = new Float32Array(O);
      for (let o = 0; o < O; o += 1) {
        let value = rounded[read + o]!;
        for (let i = 0; i < O; i += 1) value += state[i]! * keep[i * O + o]!;
        next[o] = value;
      }
      state = next;
    }
    answers.set(state, s * O);
  }
  return answers;
}
