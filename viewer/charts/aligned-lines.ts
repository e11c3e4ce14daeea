/** Heights of a line at shared places. Null: within a gap of it. Undefined: a place of other lines, where it merely has no point. */
export type LineHeights = readonly (number | null | undefined)[];

/**
 * Puts lines over shared places on the x axis.
 * @param points of each line: height by place
 * @param isFar whether nothing is known between two neighbouring points of a line, so that they are not joined
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

/** How high a line is at a place between its points; null beyond them and within its gaps. @param x ascending */
export function heightAt(x: readonly number[], y: LineHeights, at: number): number | null {
  const known = [...x.keys()].filter((index) => typeof y[index] === 'number');
  const after = known.find((index) => x[index]! >= at);
  const before = known.findLast((index) => x[index]! <= at);
  if (after === undefined || before === undefined) return null;
  if (y.slice(before, after).includes(null)) return null;
  const share = after === before ? 0 : (at - x[before]!) / (x[after]! - x[before]!);
  return y[before]! + share * (y[after]! - y[before]!);
}
