import { coloursOf, onGround } from '../palette.ts';
import type { Curve, State } from '../state.ts';
import { Chart, type ChartData } from './chart.ts';
import { heightAt } from './line.ts';

/** Points of a curve, at most: more than the screen can show. */
const MOST_POINTS = 400;
/** Share of the newest value in the moving average that is drawn. */
const SMOOTHING = 0.15;

/** Mean reward while learning, for every agent; the checkpoint that plays on screen is ringed. */
export class LearningChart {
  readonly root: HTMLElement;
  readonly #chart: Chart;
  #state: State | undefined;
  #last: readonly unknown[] = [];

  constructor() {
    this.#chart = new Chart({
      title: () => 'Reward while learning',
      xName: () => 'frames, millions',
      points: false,
      xRange: (_, most) => [0, Math.max(most, this.#longest)],
      yRange: (least, most) => [
        Math.min(0, least),
        Math.max(this.#state?.world?.number?.maxReward ?? 1, most) * 1.06,
      ],
      sayX: (frames) => `${frames.toFixed(2)} M`,
    });
    this.root = this.#chart.root;
  }

  show(state: State): void {
    const { world, agents, curves, theme, episode, checkpoints } = state;
    const now = [world, agents, curves, theme, episode];
    if (now.every((value, index) => value === this.#last[index])) return;
    this.#last = now;
    this.#state = state;
    this.root.hidden = [...curves.values()].every(({ frames }) => frames.length === 0);
    if (this.root.hidden) return;
    const data = dataOf(state);
    const here = agents.map((_, agent) => {
      const playing = episode?.tracks.get(agent)?.checkpoint ?? '';
      const frames = checkpoints.get(playing);
      return frames === undefined ? null : frames / 1e6;
    });
    const playing = data.lines.flatMap(({ name, y }, agent) => {
      const at = here[agent] ?? null;
      const reward = at === null ? null : heightAt(data.x, y, at);
      return reward === null ? [] : [`${name} ${reward.toFixed(1)} at ${at!.toFixed(2)} M`];
    });
    this.#chart.show(data, theme, here, `on screen: ${playing.join(' · ')}`);
  }

  get #longest(): number {
    const totals = this.#state?.agents.map(({ totalFrames }) => totalFrames ?? 0) ?? [];
    return Math.max(0.01, ...totals) / 1e6;
  }
}

function dataOf({ agents, curves, theme }: State): ChartData {
  const colours = coloursOf(agents);
  const smooth = agents.map((_, agent) => smoothed(curves.get(agent)));
  const x = [...new Set(smooth.flatMap((points) => [...points.keys()]))].sort((a, b) => a - b);
  const lines = agents.map(({ name }, agent) => ({
    name,
    colour: onGround(colours[agent]!, theme),
    y: x.map((frames) => smooth[agent]!.get(frames) ?? null),
  }));
  return { x: x.map((frames) => frames / 1e6), lines };
}

/** A curve's moving average, thinned out. @returns reward by frames */
function smoothed(curve: Curve | undefined): Map<number, number> {
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
