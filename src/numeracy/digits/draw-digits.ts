import { DrawnNumbers } from '../drawn-numbers.ts';
import { PIXELS, SIDE } from './images.ts';

type Point = readonly [x: number, y: number];

/** A smooth line through these points of a square from (0, 0), top left, to (1, 1). */
type Stroke = readonly Point[];

/** A closed curve, drawn against the clock from its top, as a hand does. @param box its left, top, right and bottom edge, in hundredths */
const oval = (left: number, top: number, right: number, bottom: number): Stroke =>
  Array.from({ length: 11 }, (_, i) => {
    const angle = (-2 * Math.PI * i) / 10;
    const [x, y] = [Math.sin(angle), -Math.cos(angle)];
    return [(left + right + (right - left) * x) / 200, (top + bottom + (bottom - top) * y) / 200];
  });

/** @param points `x,y` of each, in hundredths */
const line = (points: string): Stroke =>
  points.split(' ').map((point) => {
    const [x, y] = point.split(',').map((part) => Number(part) / 100);
    return [x!, y!];
  });

/** The ways in which people write each digit. */
const HANDS: readonly (readonly (readonly Stroke[])[])[] = [
  [[oval(20, 5, 80, 95)], [oval(12, 10, 88, 90)]],
  [[line('50,5 50,50 50,95')], [line('32,25 45,14 54,5'), line('54,5 53,50 52,95')]],
  [
    [line('20,25 32,8 58,5 76,22 68,45 45,68 20,93'), line('20,93 50,93 82,92')],
    [line('22,20 45,5 70,15 68,42 42,75 20,90 18,75 34,76 55,92 84,88')],
  ],
  [
    [line('22,15 42,5 70,13 68,35 45,46'), line('45,46 70,52 77,73 55,93 20,86')],
    [line('20,7 48,7 75,8'), line('75,8 60,25 45,42'), line('45,42 73,50 77,75 52,95 20,85')],
  ],
  [
    [line('30,8 24,30 20,55'), line('20,55 50,56 84,52'), line('70,10 67,50 64,95')],
    [line('64,95 64,50 66,5'), line('66,5 42,35 14,65'), line('14,65 50,66 88,65')],
  ],
  [[line('76,7 52,6 32,8'), line('32,8 28,25 26,43'), line('26,43 55,38 76,55 70,82 45,95 20,86')]],
  [
    [line('65,5 42,22 27,50 28,80 50,95 73,82 70,58 50,50 30,66')],
    [line('45,4 30,40 28,75 45,94 66,85 66,68 50,60 32,72')],
  ],
  [
    [line('18,9 50,8 80,7'), line('80,7 62,45 42,95')],
    [line('18,12 50,8 78,7'), line('78,7 60,50 50,95'), line('36,50 56,50 76,48')],
  ],
  [
    [line('72,15 50,4 28,17 36,38 62,55 75,78 50,95 25,78 38,55 65,36 72,15')],
    [oval(28, 5, 72, 47), oval(23, 48, 77, 96)],
  ],
  [
    [oval(24, 5, 72, 53), line('72,27 70,60 64,95')],
    [line('70,20 48,6 28,22 34,46 56,46 70,22 74,55 62,88 34,92')],
  ],
];

/** Points drawn between two of a stroke's. */
const PIECES = 4;
/** The square of a digit within its picture, in pixels, as MNIST has it. */
const BOX = 20;

/** How much drawn digits vary: enough that a small network misreads a few in a thousand. */
const SPREAD = {
  point: 0.035,
  turn: 0.2,
  slant: 0.3,
  width: [0.6, 1.1],
  height: [0.8, 1.1],
  shift: 2,
  wobble: 0.03,
  radius: [0.7, 1.8],
  ink: [150, 255],
  grain: 25,
} as const;

/**
 * Draws a digit as a hand might: strokes, turned, slanted, stretched, shifted, wobbling and of some thickness, with smooth edges and grain.
 * @param into uint8 [28 · 28], zeros: its ink, row by row
 * @param key decides all of it
 */
export function drawDigit(digit: number, key: string, into: Uint8Array): void {
  const random = new DrawnNumbers(key);
  const hands = HANDS[digit]!;
  const place = placement(random);
  const radius = random.uniform(...SPREAD.radius);
  const ink = random.uniform(...SPREAD.ink);
  const cover = new Float32Array(PIXELS);
  for (const stroke of hands[random.integer(0, hands.length - 1)]!) {
    const shaken = stroke.map(
      ([x, y]): Point => [x + SPREAD.point * random.normal(), y + SPREAD.point * random.normal()],
    );
    const line = smooth(shaken).map(place);
    for (let i = 1; i < line.length; i += 1) coverSegment(line[i - 1]!, line[i]!, radius, cover);
  }
  for (const [i, share] of cover.entries()) {
    const grain = SPREAD.grain * random.uniform(-1, 1);
    into[i] = Math.round(Math.max(0, Math.min(255, ink * share + (share > 0 ? grain : 0))));
  }
}

/** A random placement of the unit square on the picture. */
function placement(random: DrawnNumbers): (point: Point) => Point {
  const turn = SPREAD.turn * random.uniform(-1, 1);
  const slant = SPREAD.slant * random.uniform(-1, 1);
  const [width, height] = [random.uniform(...SPREAD.width), random.uniform(...SPREAD.height)];
  const shift = [0, 0].map(() => SPREAD.shift * random.uniform(-1, 1));
  const [phase, pace] = [random.uniform(0, 2 * Math.PI), random.uniform(4, 9)];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return ([x, y]) => {
    const right =
      width * (x - 0.5) - slant * (y - 0.5) + SPREAD.wobble * Math.sin(phase + pace * y);
    const down = height * (y - 0.5) + SPREAD.wobble * Math.cos(phase + pace * x);
    return [
      SIDE / 2 + shift[0]! + BOX * (cos * right - sin * down),
      SIDE / 2 + shift[1]! + BOX * (sin * right + cos * down),
    ];
  };
}

/** A Catmull-Rom curve through the points. */
function smooth(points: readonly Point[]): Point[] {
  const at = (i: number): Point => points[Math.max(0, Math.min(points.length - 1, i))]!;
  const line: Point[] = [points[0]!];
  for (let i = 0; i + 1 < points.length; i += 1) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let piece = 1; piece <= PIECES; piece += 1) {
      const t = piece / PIECES;
      const along = (axis: 0 | 1): number =>
        b[axis] +
        0.5 *
          t *
          (c[axis] -
            a[axis] +
            t *
              (2 * a[axis] -
                5 * b[axis] +
                4 * c[axis] -
                d[axis] +
                t * (3 * (b[axis] - c[axis]) + d[axis] - a[axis])));
      line.push([along(0), along(1)]);
    }
  }
  return line;
}

/** Adds a round pen's way from a to b: how much of each pixel it covers, 0 to 1, at least what is there. */
function coverSegment(a: Point, b: Point, radius: number, cover: Float32Array): void {
  const reach = radius + 0.5;
  const [left, right] = range(a[0], b[0], reach);
  const [top, bottom] = range(a[1], b[1], reach);
  const [x, y] = [b[0] - a[0], b[1] - a[1]];
  const length = x * x + y * y || 1;
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const [p, q] = [column + 0.5 - a[0], row + 0.5 - a[1]];
      const t = Math.max(0, Math.min(1, (p * x + q * y) / length));
      const share = Math.min(1, reach - Math.hypot(p - t * x, q - t * y));
      const i = row * SIDE + column;
      if (share > cover[i]!) cover[i] = share;
    }
  }
}

/** The pixels of a row that a pen from a to b may reach. */
const range = (a: number, b: number, reach: number): [number, number] => [
  Math.max(0, Math.floor(Math.min(a, b) - reach)),
  Math.min(SIDE - 1, Math.ceil(Math.max(a, b) + reach)),
];
