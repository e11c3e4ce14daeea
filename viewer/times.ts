import type { NumberInfo } from '../src/watch/protocol.ts';

/** The least number that can be told: 1, unless training went below. */
export const leastOf = ({ trained }: NumberInfo): number => Math.min(1, trained[0]);

/** Numbers that the slider stops at: every one at first, then ever fewer, so that it goes far and can still be set by eye. */
export function stopsUpTo(most: number, least = 1): number[] {
  const stops: number[] = [];
  for (let time = least; time <= most; ) {
    stops.push(time);
    if (time < 40) time += 1;
    else if (time < 100) time += 5;
    else if (time < 200) time += 10;
    else if (time < 500) time += 50;
    else time += 100;
  }
  return stops;
}
