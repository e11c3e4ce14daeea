/** Times that the slider stops at: every one at first, then ever fewer, so that it goes far and can still be set by eye. */
export function stopsUpTo(most: number): number[] {
  const stops: number[] = [];
  for (let time = 1; time <= most; ) {
    stops.push(time);
    if (time < 40) time += 1;
    else if (time < 100) time += 5;
    else if (time < 200) time += 10;
    else if (time < 500) time += 50;
    else time += 100;
  }
  return stops;
}
