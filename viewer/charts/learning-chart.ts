import { THEMES } from '../../src/render/palette.ts';
import type { Commands } from '../commands.ts';
import { LastSeen } from '../last-seen.ts';
import type { CurvePoints, State } from '../state.ts';
import { alignLines, heightAt } from './aligned-lines.ts';
import { agentLines, type ChartData, type ChartSettings, LineChart } from './line-chart.ts';
import { TrainingSlider } from './training-slider.ts';

/** Most points drawn of a curve: more than the screen can show. */
const MOST_POINTS = 400;
/** Share of the newest value in the moving average that is drawn. */
const SMOOTHING = 0.15;
/** Places this close to a checkpoint on screen, as a share of the axis, mean that checkpoint. */
const NEAR = 0.015;

/**
 * Mean reward during training, one line per agent. The cursor rests on the checkpoints on screen, which are ringed. Choosing
 * another place pins it there, to compare the agents at that time; choosing a checkpoint on screen releases it.
 */
export class LearningChart {
  readonly root: HTMLElement;
  readonly #chart: LineChart;
  #state: State | undefined;
  readonly #seen = new LastSeen();
  #here: readonly (number | null)[] = [];
  /** Where the cursor is pinned, in millions of frames. */
  #pinned: number | null = null;

  readonly #slider: TrainingSlider;

  constructor(commands: Commands) {
    this.#slider = new TrainingSlider(commands);
    const settings: ChartSettings = {
      title: () => 'Reward during training',
      name: 'Reward during training',
      explain: () =>
        'How well each agent did while it was trained: the mean reward of the episodes that ended around each frame. Click to read the curves off at a place; click the vertical line of the agents on screen to follow them again. Where a training has kept checkpoints, the slider shows the same episode played by the agents as they were then.',
      xName: () => 'million frames',
      points: false,
      xRange: (_, most) => [0, Math.max(most, this.#longest)],
      greatest: () => this.#state?.world?.number?.maxReward,
      formatX,
      marks: (theme) => {
        const { good, ink } = THEMES[theme];
        const here = [...new Set(this.#here)].map((x) => ({ x, colour: good, width: 2 }));
        return [...here, { x: this.#pinned, colour: ink, width: 1 }];
      },
      onPick: (frames) => this.#pin(frames),
    };
    this.#chart = new LineChart(settings, this.#slider.root);
    this.root = this.#chart.root;
    this.root.title = 'Click to pin the cursor; click a ringed checkpoint to release it.';
  }

  show(state: State): void {
    const { world, agents, curves, theme, episode, checkpoints } = state;
    const { trained } = state;
    if (!this.#seen.differs(world, agents, curves, theme, episode, trained, this.#pinned)) return;
    this.#state = state;
    this.root.hidden = [...curves.values()].every(({ frames }) => frames.length === 0);
    if (this.root.hidden) return;
    this.#slider.show(state);
    const { x, lines } = alignLines(agents.map((_, agent) => smoothed(curves.get(agent))));
    const data = { x, lines: agentLines(agents, theme, lines) };
    this.#here = agents.map((_, agent) => {
      const frames = checkpoints.get(episode?.tracks.get(agent)?.checkpoint ?? '');
      return frames === undefined ? null : frames / 1e6;
    });
    this.#chart.show(data, theme, this.#here, this.#reading(data));
  }

  /** Each agent's reward at the cursor; the place is named once if it is the same for all. */
  #reading({ x, lines }: ChartData): string {
    const read = lines.flatMap(({ name, y }, agent) => {
      const at = this.#pinned ?? this.#here[agent] ?? Number.NaN;
      const reward = heightAt(x, y, at);
      return reward === null
        ? []
        : [{ at: formatX(at), text: `${name}\u00a0${reward.toFixed(1)}` }];
    });
    const places = new Set(read.map(({ at }) => at));
    if (this.#pinned !== null) places.add(formatX(this.#pinned));
    if (places.size === 1) return [...places, ...read.map(({ text }) => text)].join(' · ');
    return read.map(({ at, text }) => `${text} at\u00a0${at}`).join(' · ');
  }

  #pin(frames: number): void {
    const near = NEAR * this.#longest;
    const isOnScreen = this.#here.some((here) => here !== null && Math.abs(here - frames) < near);
    this.#pinned = isOnScreen ? null : Math.max(0, frames);
    if (this.#state !== undefined) this.show(this.#state);
  }

  get #longest(): number {
    const totals = this.#state?.agents.map(({ totalFrames }) => totalFrames ?? 0) ?? [];
    return Math.max(0.01, ...totals) / 1e6;
  }
}

const formatX = (frames: number): string => `${frames.toFixed(2)}M frames`;

/** A curve's moving average, thinned out. @returns reward by millions of frames */
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
      points.set(frames / 1e6, average);
  });
  return points;
}
