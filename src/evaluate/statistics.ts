/*
 * What Agarwal et al. 2021 ("Deep Reinforcement Learning at the Edge of the Statistical Precipice") report of a few seeds.
 */

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The interquartile mean: the mean of what is left once a quarter of the values, rounded down to whole values, is taken away
 * at either end. Of five seeds it is the mean of the middle three.
 */
export function interquartileMean(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  const cut = Math.floor(values.length / 4);
  return mean(ascending.slice(cut, values.length - cut));
}

/** How often a run of one agent does better than one of another, ties counting half: over all pairs, 0 to 1. */
export function probabilityOfImprovement(
  values: readonly number[],
  others: readonly number[],
): number {
  let wins = 0;
  for (const value of values) {
    for (const other of others) wins += value > other ? 1 : value === other ? 0.5 : 0;
  }
  return wins / (values.length * others.length);
}
