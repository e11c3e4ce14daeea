/** Heights of a line at shared places. Null: within a gap. Undefined: a place of other lines, where this one has no point. */
export type LineHeights = readonly (number | null | undefined)[];

/**
 * Puts lines over shared places on the x axis.
 * @param points height by place, for each line
 * @param isFar whether two neighbouring points of a line are too far apart to be joined
 */
export function alignLines(
  points: readonly ReadonlyMap<number, number>[],
  isFar: (from: number, to: number) => boolean = () => false,
): { readonly x: number[]; readonly lines: LineHeights[] } {
  const ascending = (places: Iterable<number>) => [...places].sort((a, b) => a - b);
  const gaps = points.map((line) => {
    const own = ascending(line.keys());
    return own.slice(1).flatMap((to, index) => {
      const from = own[index]!;
      return isFar(from, to) ? [{ from, to, middle: (from + to) / 2 }] : [];
    });
  });
  const places = points.flatMap((line) => [...line.keys()]);
  const middles = gaps.flatMap((own) => own.map(({ middle }) => middle));
  const x = ascending(new Set([...places, ...middles]));
  const lines = points.map((line, index) =>
    x.map((at) => {
      const height = line.get(at);
      if (height !== undefined) return height;
      return gaps[index]!.some(({ from, to }) => from < at && at < to) ? null : undefined;
    }),
  );
  return { x, lines };
}

/** The height of a line at a place, interpolated; null beyond its ends and within its gaps. @param x ascending */
export function heightAt(x: readonly number[], y: LineHeights, at: number): number | null {
  const known = [...x.keys()].filter((index) => typeof y[index] === 'number');
  const after = known.find((index) => x[index]! >= at);
  const before = known.findLast((index) => x[index]! <= at);
  if (after === undefined || before === undefined) return null;
  if (y.slice(before, after).includes(null)) return null;
  const share = after === before ? 0 : (at - x[before]!) / (x[after]! - x[before]!);
  return y[before]! + share * (y[after]! - y[before]!);
}
