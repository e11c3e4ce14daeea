import type uPlot from 'uplot';
import { coloursOf, onGround, THEMES } from '../../src/render/palette.ts';
import type { CurvePoints, State } from '../state.ts';
import { alignLines, heightAt } from './aligned-lines.ts';
import { type ChartData, LineChart, placeX } from './line-chart.ts';

/** Points of a curve, at most: more than the screen can show. */
const MOST_POINTS = 400;
/** Share of the newest value in the moving average that is drawn. */
const SMOOTHING = 0.15;

/** Places this near to a checkpoint on screen, as a share of the axis, mean that one. */
const NEAR = 0.015;

/**
 * Mean reward while learning, for every agent. The cursor rests on the checkpoints that play on screen, which are ringed; choosing
 * another place keeps it there, to read off how they did then, and choosing a checkpoint on screen lets it go.
 */
export class LearningChart {
  readonly root: HTMLElement;
  readonly #chart: LineChart;
  #state: State | undefined;
  #last: readonly unknown[] = [];
  #here: readonly (number | null)[] = [];
  /** Where the cursor is kept, in millions of frames. */
  #kept: number | null = null;

  constructor() {
    this.#chart = new LineChart({
      title: () => 'Reward while learning',
      xName: () => 'frames, millions',
      points: false,
      xRange: (_, most) => [0, Math.max(most, this.#longest)],
      yRange: (least, most) => [
        Math.min(0, least),
        Math.max(this.#state?.world?.number?.maxReward ?? 1, most) * 1.06,
      ],
      sayX,
      over: (plot, context) => this.#drawCursor(plot, context),
      onPick: (frames) => this.#keep(frames),
    });
    this.root = this.#chart.root;
    this.root.title =
      'Click to keep the cursor at a place, or at a ringed checkpoint on screen to let it go.';
  }

  show(state: State): void {
    const { world, agents, curves, theme, episode, checkpoints } = state;
    const now = [world, agents, curves, theme, episode, this.#kept];
    if (now.every((value, index) => value === this.#last[index])) return;
    this.#last = now;
    this.#state = state;
    this.root.hidden = [...curves.values()].every(({ frames }) => frames.length === 0);
    if (this.root.hidden) return;
    const data = dataOf(state);
    this.#here = agents.map((_, agent) => {
      const playing = episode?.tracks.get(agent)?.checkpoint ?? '';
      const frames = checkpoints.get(playing);
      return frames === undefined ? null : frames / 1e6;
    });
    this.#chart.show(data, theme, this.#here, this.#reading(data));
  }

  #reading({ x, lines }: ChartData): string {
    const at = (agent: number) => this.#kept ?? this.#here[agent] ?? Number.NaN;
    const read = lines.flatMap(({ name, y }, agent) => {
      const reward = heightAt(x, y, at(agent));
      if (reward === null) return [];
      const says = `${name} ${reward.toFixed(1)}`;
      return [this.#kept === null ? `${says} at ${sayX(at(agent))}` : says];
    });
    if (this.#kept !== null) return [`at ${sayX(this.#kept)}`, ...read].join(' · ');
    return read.length === 0 ? '' : `on screen: ${read.join(' · ')}`;
  }

  #keep(frames: number): void {
    const near = NEAR * this.#longest;
    const isOnScreen = this.#here.some((here) => here !== null && Math.abs(here - frames) < near);
    this.#kept = isOnScreen ? null : Math.max(0, frames);
    if (this.#state !== undefined) this.show(this.#state);
  }

  #drawCursor(plot: uPlot, context: CanvasRenderingContext2D): void {
    const { good, ink } = THEMES[this.#state?.theme ?? 'light'];
    const { top, height } = plot.bbox;
    const line = (frames: number, colour: string, width: number) => {
      context.fillStyle = colour;
      const wide = width * devicePixelRatio;
      context.fillRect(placeX(plot, frames) - wide / 2, top, wide, height);
    };
    for (const here of new Set(this.#here)) if (here !== null) line(here, good, 2);
    if (this.#kept !== null) line(this.#kept, ink, 1);
  }

  get #longest(): number {
    const totals = this.#state?.agents.map(({ totalFrames }) => totalFrames ?? 0) ?? [];
    return Math.max(0.01, ...totals) / 1e6;
  }
}

const sayX = (frames: number): string => `${frames.toFixed(2)} M`;

function dataOf({ agents, curves, theme }: State): ChartData {
  const colours = coloursOf(agents);
  const { x, lines } = alignLines(agents.map((_, agent) => smoothed(curves.get(agent))));
  return {
    x: x.map((frames) => frames / 1e6),
    lines: agents.map(({ name }, agent) => {
      return { name, colour: onGround(colours[agent]!, theme), y: lines[agent]! };
    }),
  };
}

/** A curve's moving average, thinned out. @returns reward by frames */
function smoothed(curve: CurvePoints | undefined): Map<number, number> {
  const points = new Map<number, number>();
  if (curve === undefined) return points;
  const every = Math.max(1, Math.ceil(curve.frames.length / MOST_POINTS));
  let average: number | null = null;
  curve.frames.forEach((frames, index) => {
    const reward = curve.reward[index] ?? null;
    if (reward !== null)
      average = average === null ? reward : average + SMOOTHING * (reward - average);
    if (average !== null && (index % every === 0 || index === curve.frames.length - 1))
      points.set(frames, average);
  });
  return points;
}
