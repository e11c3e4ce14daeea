import type { Graphics } from 'pixi.js';

/** A rectangle in CSS pixels, from the canvas's top left corner. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Fractions of the picture from its top left corner. */
export type Point = readonly [number, number];

/** Moments after which a segment of the path has faded to the faintest. */
const MEMORY = 24;
const FAINTEST = 0.55;

/** Draws where a player went: older segments are fainter, and a ring grows while it waits. */
export function drawPath(
  graphics: Graphics,
  points: readonly Point[],
  colour: string,
  { x, y, width, height }: Rectangle,
): void {
  const place = ([across, down]: Point) => [x + across * width, y + down * height] as const;
  const now = points.length - 1;
  const thickness = Math.max(1.5, width * 0.011);
  const alpha = (moment: number) => Math.max(FAINTEST, 1 - (now - moment) / MEMORY);

  // Only the latest pass over a segment is drawn, so that going to and fro does not darken it.
  const latest = new Map<string, { from: Point; to: Point; moment: number }>();
  for (let moment = 1; moment <= now; moment++) {
    const [from, to] = [points[moment - 1]!, points[moment]!];
    if (isSame(from, to)) continue;
    latest.set([`${from}`, `${to}`].sort().join(' '), { from, to, moment });
  }
  for (const { from, to, moment } of latest.values()) {
    graphics
      .moveTo(...place(from))
      .lineTo(...place(to))
      .stroke({ width: thickness, color: colour, alpha: alpha(moment), cap: 'round' });
  }

  const start = place(points[0]!);
  graphics
    .circle(...start, thickness * 1.6)
    .fill({ color: colour, alpha: Math.max(0.5, alpha(0)) });

  let waited = 0;
  while (waited < now && isSame(points[now - waited]!, points[now - waited - 1]!)) waited++;
  if (waited === 0) return;
  const radius = Math.min(width * 0.07, width * (0.022 + 0.004 * waited));
  graphics.circle(...place(points[now]!), radius).stroke({ width: thickness, color: colour });
}

function isSame([x, y]: Point, [otherX, otherY]: Point): boolean {
  return x === otherX && y === otherY;
}
