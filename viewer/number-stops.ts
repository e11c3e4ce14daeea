import type { NumberInfo } from '../src/watch/protocol.ts';

/** The least number that can be chosen: 1, unless training went below. */
export const leastNumber = ({ trained }: NumberInfo): number => Math.min(1, trained[0]);

/** Numbers that the slider stops at: every one at first, then fewer and fewer, so that it goes far and can still be set by eye. */
export function stopsUpTo(most: number, least = 1): number[] {
  const stops: number[] = [];
  for (let number = least; number <= most; ) {
    stops.push(number);
    if (number < 40) number += 1;
    else if (number < 100) number += 5;
    else if (number < 200) number += 10;
    else if (number < 500) number += 50;
    else number += 100;
  }
  return stops;
}
