import uPlot from 'uplot';
import { coloursOf, onGround, THEMES, type Theme } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { formatNumber } from '../format-number.ts';
import { explainButton } from '../panels/explainer.ts';
import { FONT } from '../theme.ts';
import { heightAt, type LineHeights } from './aligned-lines.ts';
import { type PointLink, PointLinks } from './point-links.ts';

/** What a chart draws: one line per agent over shared places on the x axis. */
export interface ChartData {
  readonly x: readonly number[];
  readonly lines: readonly {
    readonly name: string;
    readonly colour: string;
    readonly y: LineHeights;
    /** How far each height may be from the truth; null: not said. */
    readonly spans?: readonly (readonly [low: number, high: number] | null)[];
  }[];
}

/** A vertical line across a chart; null: none. */
interface Mark {
  readonly x: number | null;
  readonly colour: string;
  readonly width: number;
}

export interface ChartSettings {
  title(): string;
  /** What its explanation is called. */
  readonly name: string;
  /** What it shows, for somebody who sees such a chart for the first time. */
  explain(): string;
  xName(): string;
  /** Whether single points are marked. */
  readonly points: boolean;
  /** The range of the x axis, from the least and greatest of what is drawn: ∞ and −∞ if there is nothing. */
  xRange(least: number, most: number): [number, number];
  /** The y axis reaches from 0, or below, to at least this. */
  greatest(): number | undefined;
  formatX(x: number): string;
  /** Steps between two marks of the x axis; any where left out. */
  readonly stepsX?: number[];
  /** Marks of the y axis; plain numbers where left out. */
  formatY?(y: number): string;
  /** What is read out at a place; the heights of the lines where left out. */
  read?(x: number): string;
  /** Where a point leads. */
  linkOf?(line: number, x: number): PointLink | null;
  /** Beyond this the x axis is logarithmic. */
  readonly logBeyond?: number;
  /** Draws beneath the lines. */
  under?(plot: uPlot, context: CanvasRenderingContext2D, theme: Theme): void;
  /** Drawn above the lines. */
  marks(theme: Theme): readonly Mark[];
  /** Somebody chose a place on the x axis, or drags along it. */
  onPick(x: number): void;
}

const AXIS_WIDTH = 44;
/** Pixels between the spans of two lines at one place. */
const SPANS_APART = 3;
/** Milliseconds that a dragged cursor must rest before its place is chosen. */
const REST = 60;

/** The agents' lines, in the agents' names and colours. */
export function agentLines(
  agents: readonly AgentInfo[],
  theme: Theme,
  lines: readonly LineHeights[],
): ChartData['lines'] {
  const colours = coloursOf(agents);
  return agents.map(({ name }, agent) => ({
    // A name is not broken at its hyphens.
    name: name.replaceAll('-', '\u2011'),
    colour: onGround(colours[agent]!, theme),
    y: lines[agent]!,
  }));
}

/** A line chart that reads out the values under the cursor. It is rebuilt only if its lines or the theme change. */
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
  readonly #links: PointLinks | undefined;

  /** @param tools stand between the title and what is read out */
  constructor(settings: ChartSettings, ...tools: HTMLElement[]) {
    this.#settings = settings;
    const { linkOf } = settings;
    if (linkOf !== undefined) this.#links = new PointLinks((line, x) => linkOf(line, x));
    this.root = element(
      'section',
      { class: 'chart' },
      element(
        'div',
        { class: 'heading' },
        this.#title,
        explainButton(settings.name, () => settings.explain()),
      ),
      ...tools,
      this.#reading,
      this.#drawing,
    );
    new ResizeObserver(() => this.#plot?.setSize(this.#size)).observe(this.#drawing);
  }

  /**
   * @param here the place of each line that is on screen, which is ringed; null: none
   * @param reading read out while the pointer is elsewhere
   */
  show(data: ChartData, theme: Theme, here: readonly (number | null)[], reading?: string): void {
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
    this.#resting = reading ?? this.#read(data.x.indexOf(here[0] ?? Number.NaN));
    if ((this.#plot.cursor.left ?? -1) < 0) setText(this.#reading, this.#resting);
  }

  get #size(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.#drawing;
    return { width: Math.max(80, clientWidth), height: Math.max(80, clientHeight) };
  }

  #pick({ clientX, buttons, type, target }: PointerEvent): void {
    const { onPick } = this.#settings;
    const { over } = this.#plot!;
    // A press on a point's link leads there.
    if (buttons !== 1 || (type === 'pointerdown' && target !== over)) return;
    const x = this.#plot!.posToVal(clientX - over.getBoundingClientRect().left, 'x');
    window.clearTimeout(this.#due);
    if (type === 'pointerdown') onPick(x);
    else this.#due = window.setTimeout(() => onPick(x), REST);
  }

  #mark(plot: uPlot): void {
    const { top, height } = plot.bbox;
    for (const { x, colour, width } of this.#settings.marks(this.#theme)) {
      if (x === null) continue;
      plot.ctx.fillStyle = colour;
      const wide = width * devicePixelRatio;
      plot.ctx.fillRect(placeX(plot, x) - wide / 2, top, wide, height);
    }
  }

  /** Draws how far the points may be from the truth, those of one place side by side. */
  #span(plot: uPlot): void {
    const { x, lines } = this.#data;
    const context = plot.ctx;
    context.save();
    lines.forEach(({ colour, spans }, line) => {
      if (spans === undefined) return;
      const beside = (line - (lines.length - 1) / 2) * SPANS_APART * devicePixelRatio;
      const wide = devicePixelRatio;
      context.fillStyle = colour;
      spans.forEach((span, index) => {
        if (span === null) return;
        const [bottom, top] = span.map((height) => plot.valToPos(height, 'y', true));
        const left = placeX(plot, x[index]!) + beside - wide / 2;
        context.fillRect(left, top!, wide, bottom! - top!);
      });
    });
    context.restore();
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

  /** The values of the lines at a place, or at the nearest one where any is known. */
  #read(place: number): string {
    const { x: places, lines } = this.#data;
    const near = [...places.keys()].sort((a, b) => Math.abs(a - place) - Math.abs(b - place));
    const index = near.find((at) => lines.some(({ y }) => typeof y[at] === 'number'));
    if (place < 0 || index === undefined) return '';
    const x = places[index]!;
    if (this.#settings.read !== undefined) return this.#settings.read(x);
    const values = lines.flatMap(({ name, y }) => {
      const value = y[index];
      return value === null || value === undefined ? [] : [`${name}\u00a0${formatNumber(value)}`];
    });
    return [this.#settings.formatX(x), ...values].join(' · ');
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
    const { points, xRange, greatest, formatY, stepsX, under } = this.#settings;
    return {
      ...this.#size,
      padding: [10, 20, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: {
          time: false,
          distr: isFar ? 3 : 1,
          range: (_, least, most) => {
            const known = [
              least ?? Number.POSITIVE_INFINITY,
              most ?? Number.NEGATIVE_INFINITY,
            ] as const;
            const [from, to] = xRange(...known);
            return isFar ? [Math.max(1, from), to] : [from, to];
          },
        },
        y: {
          range: (_, least, most) => [
            Math.min(0, least ?? 0),
            Math.max(greatest() ?? 1, most ?? 0) * 1.06,
          ],
        },
      },
      axes: [
        {
          ...axis,
          ...(stepsX !== undefined && { incrs: stepsX }),
          size: 34,
          label: this.#settings.xName(),
          labelSize: 16,
          labelFont: font,
          labelGap: 0,
        },
        {
          ...axis,
          ...{ size: AXIS_WIDTH, gap: 3 },
          values: (_, ticks) => ticks.map((tick) => formatY?.(tick) ?? String(tick)),
        },
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
        drawAxes: under === undefined ? [] : [(plot) => under(plot, plot.ctx, this.#theme)],
        draw: [
          (plot) => {
            this.#mark(plot);
            this.#span(plot);
            this.#ring(plot);
            this.#links?.place(
              plot,
              this.#data.x,
              this.#data.lines.map(({ y }) => y),
            );
          },
        ],
        setCursor: [
          ({ cursor }) =>
            setText(
              this.#reading,
              typeof cursor.idx === 'number' ? this.#read(cursor.idx) : this.#resting,
            ),
        ],
      },
    };
  }
}

/** Where a value of the x axis is, on the canvas. */
export const placeX = (plot: uPlot, x: number): number => plot.valToPos(x, 'x', true);
