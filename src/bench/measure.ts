/** A figure measured several times. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: readonly number[];
}

/** How long to measure one figure, in all. */
export interface Budget {
  readonly seconds: number;
  /** Into how many runs, each giving the figure once. */
  readonly repeats?: number;
}

export function spread(runs: readonly number[]): Spread {
  const sorted = runs.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.floor(middle - 0.5)]! + sorted[Math.floor(middle)]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)!, runs };
}

/** A sorted list without its first and its last tenth: at least one item. */
export const middle = <T>(sorted: readonly T[]): T[] =>
  sorted.slice(Math.floor(sorted.length / 10), Math.ceil(0.9 * sorted.length));

/**
 * How many units a second `work` does; each run calls it until its time is over, at least once.
 * @param units done by one call
 */
export async function unitsPerSecond(
  units: number,
  work: () => unknown,
  { seconds, repeats = 5 }: Budget,
): Promise<Spread> {
  const runs: number[] = [];
  while (runs.length < repeats) {
    const start = performance.now();
    let calls = 0;
    let elapsed = 0;
    while (calls === 0 || elapsed < (1000 * seconds) / repeats) {
      await work();
      calls += 1;
      elapsed = performance.now() - start;
    }
    runs.push((units * calls * 1000) / elapsed);
  }
  return spread(runs);
}
