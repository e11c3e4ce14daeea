import type { NumberInfo } from '../src/watch/protocol.ts';

/** The least number that can be chosen: 1, unless training went below. */
export const leastNumber = ({ trained }: NumberInfo): number => Math.min(1, trained[0]);

/** Up to here the slider stops at every number, and further where agents were trained further. */
const FINE = 40;
const BEYOND_TRAINING = 1.5;
/** Stops that can be told apart on a slider. */
const MOST_FINE = 60;
const ROUND = [1, 2, 5];
const EACH = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * Numbers that the slider stops at: every one in the training range and somewhat beyond, then round ones that grow faster and faster,
 * so that it goes far and can still be set by eye.
 */
export function stopsUpTo(most: number, [least, trained]: readonly [number, number]): number[] {
  const fine = Math.max(FINE, Math.ceil(BEYOND_TRAINING * trained));
  const unit = roundUp(fine / MOST_FINE);
  const stops: number[] = [];
  for (let stop = least; stop <= Math.min(fine, most); stop = (Math.floor(stop / unit) + 1) * unit)
    stops.push(stop);
  const first = 10 ** Math.floor(Math.log10(fine));
  for (let power = first; power <= most; power *= 10) {
    const rounds = (power === first ? EACH : ROUND).map((digit) => digit * power);
    stops.push(...rounds.filter((stop) => stop > fine && stop <= most));
  }
  return stops;
}

/** The least of 1, 2, 5, 10, 20, … that is not below a value. */
function roundUp(value: number): number {
  for (let power = 1; ; power *= 10) {
    const round = ROUND.find((digit) => digit * power >= value);
    if (round !== undefined) return round * power;
  }
}
