/** How high a line is at a place between its points; null beyond them. @param x ascending */
export function heightAt(
  x: readonly number[],
  y: readonly (number | null)[],
  at: number,
): number | null {
  const known = [...x.keys()].filter((index) => typeof y[index] === 'number');
  const after = known.find((index) => x[index]! >= at);
  const before = known.findLast((index) => x[index]! <= at);
  if (after === undefined || before === undefined) return null;
  const share = after === before ? 0 : (at - x[before]!) / (x[after]! - x[before]!);
  return y[before]! + share * (y[after]! - y[before]!);
}
