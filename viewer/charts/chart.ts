import uPlot from 'uplot';
import { element } from '../dom.ts';
import { inksOf } from '../inks.ts';
import type { State } from '../state.ts';

/** What a chart draws: a line for each agent over shared places on the x axis. */
export interface ChartData {
  readonly x: readonly number[];
  readonly lines: readonly {
    readonly name: string;
    readonly colour: string;
    readonly y: readonly (number | null)[];
  }[];
}

export interface ChartSettings {
  readonly title: string;
  readonly xName: string;
  /** Whether single points are marked. */
  readonly points: boolean;
  /** Ranges of the axes, from the least and greatest of what is drawn. */
  xRange(least: number, most: number): [number, number];
  yRange(least: number, most: number): [number, number];
  sayX(x: number): string;
  /** Beyond this the x axis is logarithmic. */
  readonly logBeyond?: number;
  /** Draws beneath the lines. */
  under?(plot: uPlot, context: CanvasRenderingContext2D): void;
  /** Draws above the lines. */
  over?(plot: uPlot, context: CanvasRenderingContext2D): void;
  /** Somebody chose a place on the x axis. */
  onPick?(x: number): void;
}

const AXIS_WIDTH = 38;

/** A line chart with a reading of what is under the cursor. Made anew where its lines or the theme change, else fed. */
export class Chart {
  readonly root: HTMLElement;
  readonly #settings: ChartSettings;
  readonly #drawing = element('div', { class: 'drawing' });
  readonly #reading = element('p', { class: 'reading', 'aria-live': 'off' });
  #plot: uPlot | undefined;
  #look = '';
  #data: ChartData = { x: [], lines: [] };
  #resting = '';
  #theme: State['theme'] = 'light';

  constructor(settings: ChartSettings) {
    this.#settings = settings;
    const title = element('h2', { text: settings.title });
    this.root = element('section', { class: 'chart' }, title, this.#reading, this.#drawing);
    this.root.setAttribute('aria-label', settings.title);
    new ResizeObserver(() => this.#plot?.setSize(this.#size)).observe(this.#drawing);
  }

  /** @param resting read out while the cursor is elsewhere: a place on the x axis, if any */
  show(data: ChartData, theme: State['theme'], resting: number | null): void {
    this.#theme = theme;
    this.#data = data;
    const isFar =
      Math.max(...data.x, resting ?? 0) > (this.#settings.logBeyond ?? Number.POSITIVE_INFINITY);
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
      this.#plot.over.addEventListener('click', () => this.#pick());
    } else {
      this.#plot.setData(columns);
    }
    this.#resting = resting === null ? '' : this.#read(data.x.indexOf(resting));
    if ((this.#plot.cursor.left ?? -1) < 0) this.#say(this.#resting);
  }

  get #size(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.#drawing;
    return { width: Math.max(80, clientWidth), height: Math.max(80, clientHeight) };
  }

  #pick(): void {
    const plot = this.#plot!;
    if (plot.cursor.left === undefined || plot.cursor.left < 0) return;
    this.#settings.onPick?.(plot.posToVal(plot.cursor.left, 'x'));
  }

  #read(index: number): string {
    const x = this.#data.x[index];
    if (x === undefined) return '';
    const values = this.#data.lines.flatMap(({ name, y }) => {
      const value = y[index];
      return value === null || value === undefined ? [] : [`${name} ${value.toFixed(1)}`];
    });
    return [this.#settings.sayX(x), ...values].join(' · ');
  }

  #say(text: string): void {
    if (this.#reading.textContent !== text) this.#reading.textContent = text;
  }

  #options(isFar: boolean): uPlot.Options {
    const { quiet, line, font: family } = inksOf(this.#theme);
    const font = `11px ${family}`;
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
            const [from, to] = xRange(least ?? 0, most ?? 1);
            return isFar ? [Math.max(1, from), to] : [from, to];
          },
        },
        y: { range: (_, least, most) => yRange(least ?? 0, most ?? 1) },
      },
      axes: [
        {
          ...axis,
          size: 34,
          label: this.#settings.xName,
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
            spanGaps: true,
            points: { show: points, size: 5, fill: stroke },
          }),
        ),
      ],
      hooks: {
        drawAxes: under === undefined ? [] : [(plot) => under(plot, plot.ctx)],
        draw: over === undefined ? [] : [(plot) => over(plot, plot.ctx)],
        setCursor: [
          ({ cursor }) =>
            this.#say(typeof cursor.idx === 'number' ? this.#read(cursor.idx) : this.#resting),
        ],
      },
    };
  }
}

/** Where a value of the x axis is, on the canvas. */
export const placeX = (plot: uPlot, x: number): number => plot.valToPos(x, 'x', true);
