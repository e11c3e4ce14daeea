import type { RgbaImage } from '../pictures.ts';

/**
 * How the panes are laid out. `tall`: in one row, each with its head above its world and its readouts below. `wide`: in two rows,
 * each with head and readouts to the right of its world. `stacked`: on a phone, in two columns and as many rows as it takes.
 */
export type Form = 'tall' | 'wide' | 'stacked';

export interface PaneLayout {
  readonly form: Form;
  readonly columns: number;
  /** Width of the column of charts; 0: the charts make way for the panes. */
  readonly charts: number;
  /** The size that the world's picture gets in each pane. */
  readonly picture: Size;
  /** How many rows of readouts there is room for, and how many readouts a row has. */
  readonly rows: number;
  readonly perRow: number;
}

type Size = Pick<RgbaImage, 'width' | 'height'>;

/** The room to lay the panes out in, in CSS pixels. */
export interface AvailableRoom {
  /** For panes and charts together; on a phone, the height of the window. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly isPhone: boolean;
  /** Whether the charts should be shown. */
  readonly charts: boolean;
  /** How many readouts are shown. */
  readonly readouts: number;
}

/** What a pane needs around its picture, across and down: padding, borders, a gap; and the gap between panes. As in the style sheet. */
const SPARE: Readonly<Record<Form, { across: number; down: number; gap: number }>> = {
  tall: { across: 26, down: 26, gap: 12 },
  wide: { across: 26, down: 16, gap: 10 },
  stacked: { across: 16, down: 0, gap: 6 },
};
const CHARTS_GAP = 12;
/** On a phone held sideways: columns, the least width of one, and what a whole world has above and below it in the window. */
const MOST_COLUMNS = 4;
const LEAST_COLUMN = 180;
const AROUND_LANDSCAPE = 214;
const LEAST_DOWN = 112;
/** Heights of a tall pane's head and of a row of readouts, with the gaps between them. */
const HEAD = 84;
const READOUTS_ROW = 92;
/** A pane this wide has room for all readouts in one row. */
const IN_A_ROW = 380;
/** Least widths to the right of the world in a wide pane, the best first; and the one that will do once the charts have made way. */
const SIDES = [150, 104] as const;
const LEAST_SIDE = 64;
/** Height of a wide pane's head, by readouts per row below it; and the least height of such a row. */
const HEADS = { 1: 170, 2: 98 } as const;
const LEAST_ROW = 78;
/** Widths of the charts, the best first. */
const CHARTS = [348, 290, 250] as const;
/** Charts make way where pictures would be smaller than this. */
const LEAST = 200;

/** The layout with the largest picture in whole pixels; of several, the plainest. */
export function layOutPanes(panes: number, picture: Size, room: AvailableRoom): PaneLayout {
  if (room.isPhone) return stacked(panes, picture, room);
  const without = candidates(panes, picture, room, [0], [...SIDES, LEAST_SIDE]);
  if (!room.charts) return largest(without);
  const besideCharts = largest(candidates(panes, picture, room, CHARTS, SIDES));
  const isEnough = Math.max(besideCharts.picture.width, besideCharts.picture.height) >= LEAST;
  return isEnough ? besideCharts : largest([besideCharts, ...without]);
}

/** @returns the plainest first */
function candidates(
  panes: number,
  picture: Size,
  room: AvailableRoom,
  charts: readonly number[],
  sides: readonly number[],
): PaneLayout[] {
  const layouts = charts.map((besideCharts) => ({
    besideCharts,
    width: room.width - (besideCharts > 0 ? besideCharts + CHARTS_GAP : 0),
  }));
  const tall = layouts.map(({ besideCharts, width }): PaneLayout => {
    const across = inside(width, panes, 'tall');
    const rows = Math.min(across < IN_A_ROW ? 2 : 1, Math.ceil(room.readouts / 2));
    const below = room.height - SPARE.tall.down - HEAD - rows * READOUTS_ROW;
    const size = fitWholePixels(picture, across, below, room.ratio);
    const perRow = Math.ceil(room.readouts / Math.max(1, rows));
    return { form: 'tall', columns: panes, charts: besideCharts, picture: size, rows, perRow };
  });
  const columns = Math.ceil(panes / 2);
  const down = (room.height - SPARE.wide.gap) / 2 - SPARE.wide.down;
  const wide = sides.flatMap((side) =>
    layouts.map(({ besideCharts, width }): PaneLayout => {
      const across = inside(width, columns, 'wide');
      const size = fitWholePixels(picture, across - side, down, room.ratio);
      const perRow = across - size.width < SIDES[0] ? 1 : 2;
      const rows = Math.min(2, Math.max(0, Math.floor((down - HEADS[perRow]) / LEAST_ROW)));
      return { form: 'wide', columns, charts: besideCharts, picture: size, rows, perRow };
    }),
  );
  return panes > 3 ? [...wide, ...tall] : [...tall, ...wide];
}

function stacked(
  panes: number,
  picture: Size,
  { width, height, ratio, readouts }: AvailableRoom,
): PaneLayout {
  const isLandscape = width > height;
  const most = isLandscape ? Math.min(MOST_COLUMNS, Math.floor(width / LEAST_COLUMN)) : 2;
  const columns = Math.min(most, panes);
  const across = inside(width, columns, 'stacked');
  const size = fitWholePixels(
    picture,
    across,
    isLandscape ? Math.max(LEAST_DOWN, height - AROUND_LANDSCAPE) : Number.POSITIVE_INFINITY,
    ratio,
  );
  return { form: 'stacked', columns, charts: 0, picture: size, rows: readouts, perRow: 1 };
}

/** The width of a pane inside its padding. */
function inside(width: number, columns: number, form: Form): number {
  const { across, gap } = SPARE[form];
  return (width - gap * (columns - 1)) / columns - across;
}

/** The size of a picture in a box, its pixels enlarged to as many whole device pixels as there is room for. */
export function fitWholePixels(
  { width, height }: Size,
  wide: number,
  high: number,
  ratio: number,
): Size {
  const room = Math.max(0, Math.min(wide / width, high / height));
  const whole = Math.floor(room * ratio) / ratio;
  const scale = whole > 0 ? whole : room;
  return { width: width * scale, height: height * scale };
}

const largest = (all: readonly PaneLayout[]): PaneLayout =>
  all.reduce((best, one) => (one.picture.width > best.picture.width ? one : best));
