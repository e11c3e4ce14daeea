import uPlot from 'uplot';
import { THEMES, type Theme } from '../../src/render/palette.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { formatNumber } from '../format-number.ts';
import { FONT } from '../theme.ts';
import { heightAt, type LineHeights } from './aligned-lines.ts';

/** What a chart draws: a line for each agent over shared places on the x axis. */
export interface ChartData {
  readonly x: readonly number[];
  readonly lines: readonly {
    readonly name: string;
    readonly colour: string;
    /** Null: nothing is known there, and nothing drawn. Undefined: a place of other lines, which this one passes by. */
    readonly y: LineHeights;
  }[];
}

export interface ChartSettings {
  title(): string;
  xName(): string;
  /** Whether single points are marked. */
  readonly points: boolean;
  /** Ranges of the axes, from the least and greatest of what is drawn: ∞ and −∞ where nothing is. */
  xRange(least: number, most: number): [number, number];
  yRange(least: number, most: number): [number, number];
  sayX(x: number): string;
  /** Beyond this the x axis is logarithmic. */
  readonly logBeyond?: number;
  /** Draws beneath the lines. */
  under?(plot: uPlot, context: CanvasRenderingContext2D): void;
  /** Draws above the lines. */
  over?(plot: uPlot, context: CanvasRenderingContext2D): void;
  /** Somebody chose a place on the x axis, or drags along it. */
  onPick?(x: number): void;
}

const AXIS_WIDTH = 38;
/** Milliseconds that a dragged cursor rests before its place is chosen. */
const REST = 60;

/** A line chart with a reading of what is under the cursor. Made anew where its lines or the theme change, else fed. */
export class LineChart {
  readonly root: HTMLElement;
  readonly #settings: ChartSettings;
  readonly #title = element('h2');
  readonly #drawing = element('div', { class: 'drawing' });
  readonly #reading = element('p', { class: 'reading', 'aria-live': 'off' });
  #plot: uPlot | undefined;
  #look = '';
  #data: ChartData = { x: [], lines: [] };
  #here: readonly (number | null)[] = [];
  #resting = '';
  #due: number | undefined;
  #theme: Theme = 'light';

  constructor(settings: ChartSettings) {
    this.#settings = settings;
    this.root = element('section', { class: 'chart' }, this.#title, this.#reading, this.#drawing);
    this.root.classList.toggle('picked', settings.onPick !== undefined);
    new ResizeObserver(() => this.#plot?.setSize(this.#size)).observe(this.#drawing);
  }

  /**
   * @param here what is on screen, by line: its place on the x axis, ringed; null where there is none
   * @param says read out while the cursor is elsewhere
   */
  show(data: ChartData, theme: Theme, here: readonly (number | null)[], says?: string): void {
    this.#theme = theme;
    this.#data = data;
    this.#here = here;
    const title = this.#settings.title();
    setText(this.#title, title);
    setAttributes(this.root, { 'aria-label': title });
    const isFar =
      Math.max(...data.x, ...here.map((x) => x ?? 0)) >
      (this.#settings.logBeyond ?? Number.POSITIVE_INFINITY);
    const look = JSON.stringify([
      theme,
      isFar,
      data.lines.map(({ name, colour }) => [name, colour]),
    ]);
    const columns: uPlot.AlignedData = [[...data.x], ...data.lines.map(({ y }) => [...y])];
    if (look !== this.#look || this.#plot === undefined) {
      this.#look = look;
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(isFar), columns, this.#drawing);
      for (const type of ['pointerdown', 'pointermove'] as const) {
        this.#plot.over.addEventListener(type, (event) => this.#pick(event));
      }
    } else {
      this.#plot.setData(columns);
    }
    this.#resting = says ?? this.#read(data.x.indexOf(here[0] ?? Number.NaN));
    if ((this.#plot.cursor.left ?? -1) < 0) this.#say(this.#resting);
  }

  get #size(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.#drawing;
    return { width: Math.max(80, clientWidth), height: Math.max(80, clientHeight) };
  }

  #pick({ offsetX, buttons, type }: PointerEvent): void {
    const { onPick } = this.#settings;
    if (onPick === undefined || buttons !== 1) return;
    const x = this.#plot!.posToVal(offsetX, 'x');
    window.clearTimeout(this.#due);
    if (type === 'pointerdown') onPick(x);
    else this.#due = window.setTimeout(() => onPick(x), REST);
  }

  /** Rings the points of what is on screen. */
  #ring(plot: uPlot): void {
    const { x, lines } = this.#data;
    const context = plot.ctx;
    lines.forEach(({ colour, y }, line) => {
      const at = this.#here[line] ?? null;
      const height = at === null ? null : heightAt(x, y, at);
      if (at === null || height === null) return;
      context.beginPath();
      const centre = [placeX(plot, at), plot.valToPos(height, 'y', true)] as const;
      context.arc(...centre, 5 * devicePixelRatio, 0, 2 * Math.PI);
      context.fillStyle = THEMES[this.#theme].surface;
      context.fill();
      context.lineWidth = 2.5 * devicePixelRatio;
      context.strokeStyle = colour;
      context.stroke();
    });
  }

  /** What the lines are at a place, or at the nearest where any is known. */
  #read(place: number): string {
    const { x: places, lines } = this.#data;
    const near = [...places.keys()].sort((a, b) => Math.abs(a - place) - Math.abs(b - place));
    const index = near.find((at) => lines.some(({ y }) => typeof y[at] === 'number'));
    if (place < 0 || index === undefined) return '';
    const x = places[index]!;
    const values = lines.flatMap(({ name, y }) => {
      const value = y[index];
      return value === null || value === undefined ? [] : [`${name}\u00a0${formatNumber(value)}`];
    });
    return [this.#settings.sayX(x), ...values].join(' · ');
  }

  #say(text: string): void {
    if (this.#reading.textContent !== text) this.#reading.textContent = text;
  }

  #options(isFar: boolean): uPlot.Options {
    const { quiet, line } = THEMES[this.#theme];
    const font = `12px ${FONT}`;
    const axis: uPlot.Axis = {
      stroke: quiet,
      font,
      grid: { stroke: line, width: 1 },
      ticks: { stroke: line, width: 1, size: 4 },
    };
    const { points, xRange, yRange, under, over } = this.#settings;
    return {
      ...this.#size,
      padding: [10, 10, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: {
          time: false,
          distr: isFar ? 3 : 1,
          range: (_, least, most) => {
            const [from, to] = xRange(...known(least, most));
            return isFar ? [Math.max(1, from), to] : [from, to];
          },
        },
        y: { range: (_, least, most) => yRange(...known(least, most)) },
      },
      axes: [
        {
          ...axis,
          size: 34,
          label: this.#settings.xName(),
          labelSize: 14,
          labelFont: font,
          labelGap: 0,
        },
        { ...axis, size: AXIS_WIDTH, gap: 3 },
      ],
      series: [
        {},
        ...this.#data.lines.map(
          ({ name, colour: stroke }): uPlot.Series => ({
            label: name,
            stroke,
            width: 2,
            points: { show: points, size: 5, fill: stroke },
          }),
        ),
      ],
      hooks: {
        drawAxes: under === undefined ? [] : [(plot) => under(plot, plot.ctx)],
        draw: [
          (plot) => {
            over?.(plot, plot.ctx);
            this.#ring(plot);
          },
        ],
        setCursor: [
          ({ cursor }) =>
            this.#say(typeof cursor.idx === 'number' ? this.#read(cursor.idx) : this.#resting),
        ],
      },
    };
  }
}

function known(least: number | null, most: number | null): [number, number] {
  return [least ?? Number.POSITIVE_INFINITY, most ?? Number.NEGATIVE_INFINITY];
}

/** Where a value of the x axis is, on the canvas. */
export const placeX = (plot: uPlot, x: number): number => plot.valToPos(x, 'x', true);
