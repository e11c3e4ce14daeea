export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function groupBy<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item, index: number) => Key,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item, index);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/**
 * The interquartile mean: the mean of what is left once a quarter of the values, rounded down to whole values, is taken away
 * at either end (Agarwal et al. 2021, section 4.3). Of five seeds it is the mean of the middle three.
 */
export function interquartileMean(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  const cut = Math.floor(values.length / 4);
  return mean(ascending.slice(cut, values.length - cut));
}

/** How often a run of one agent does better than one of another, ties counting half: over all pairs, 0 to 1 (Agarwal et al. 2021). */
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

/** Quantile of ascending values, linear between neighbours. */
export function quantile(ascending: ArrayLike<number>, probability: number): number {
  const position = probability * (ascending.length - 1);
  const below = ascending[Math.floor(position)]!;
  const above = ascending[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}

/** Wilson's interval of a share, at 95 %. */
export function wilson(hits: number, count: number): [low: number, high: number] {
  const z = 1.959964;
  const p = hits / count;
  const centre = (p + z ** 2 / (2 * count)) / (1 + z ** 2 / count);
  const half =
    (z / (1 + z ** 2 / count)) * Math.sqrt((p * (1 - p)) / count + z ** 2 / (4 * count ** 2));
  // At the ends the formula is 0 and 1, and its rounding errors are not.
  return [hits === 0 ? 0 : centre - half, hits === count ? 1 : centre + half];
}
