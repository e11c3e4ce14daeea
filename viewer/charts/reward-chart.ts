import { coloursOf, onGround, THEMES, type Theme } from '../../src/render/palette.ts';
import type { NumberInfo } from '../../src/watch/protocol.ts';
import type { Commands } from '../commands.ts';
import { rowsKey, type State } from '../state.ts';
import { FONT } from '../theme.ts';
import { alignLines } from './aligned-lines.ts';
import { type ChartData, LineChart, placeX } from './line-chart.ts';

/** Reward against the number told, for every agent. The one on screen is marked; choosing another one tells it. */
export class RewardChart {
  readonly root: HTMLElement;
  readonly #chart: LineChart;
  #number: NumberInfo | null = null;
  #current: number | null = null;
  #theme: Theme = 'light';
  #last: readonly unknown[] = [];

  constructor(commands: Commands) {
    this.#chart = new LineChart({
      title: () => `Reward against the ${this.#number?.meaning} told`,
      xName: () => `${this.#number?.meaning} told, ${this.#number?.symbol}`,
      points: true,
      logBeyond: 100,
      xRange: (least, most) => {
        const marked = [
          ...(this.#number?.trained ?? []),
          ...(this.#current === null ? [] : [this.#current]),
        ];
        return [Math.min(least, ...marked) - 1, Math.max(most, ...marked) + 1];
      },
      yRange: (least, most) => [
        Math.min(0, least),
        Math.max(this.#number?.maxReward ?? 1, most) * 1.06,
      ],
      sayX: (told) => `${this.#number?.symbol} = ${told}`,
      under: (plot, context) => {
        if (this.#number === null) return;
        const { left, top, width, height } = plot.bbox;
        const [from, to] = this.#number.trained.map((end) =>
          Math.min(left + width, Math.max(left, placeX(plot, end))),
        ) as [number, number];
        context.fillStyle = THEMES[this.#theme].shade;
        context.fillRect(from, top, to - from, height);
        context.fillStyle = THEMES[this.#theme].quiet;
        context.font = `${12 * devicePixelRatio}px ${FONT}`;
        context.textAlign = 'center';
        context.textBaseline = 'middle';
        context.fillText('trained', (from + to) / 2, top + height - 10 * devicePixelRatio);
      },
      over: (plot, context) => {
        if (this.#current === null) return;
        const { top, height } = plot.bbox;
        context.fillStyle = THEMES[this.#theme].good;
        context.fillRect(
          placeX(plot, this.#current) - devicePixelRatio,
          top,
          2 * devicePixelRatio,
          height,
        );
      },
      onPick: (number) => commands.setNumber(number),
    });
    this.root = this.#chart.root;
  }

  show(state: State): void {
    const { world, agents, rows, policy, theme, episode, moment } = state;
    const current = episode?.numberAt(moment) ?? null;
    const now = [world, agents, rows, policy, theme, current];
    if (now.every((value, index) => value === this.#last[index])) return;
    this.#last = now;
    this.root.hidden = !world?.number;
    if (this.root.hidden) return;
    this.#number = world?.number ?? null;
    this.#current = current;
    this.#theme = theme;
    this.#chart.show(
      dataOf(state),
      theme,
      agents.map(() => current),
    );
  }
}

function dataOf({ agents, rows, policy, theme, world }: State): ChartData {
  const colours = coloursOf(agents);
  const points = agents.map((_, agent) => {
    const own = rows.get(rowsKey(agent, policy)) ?? [];
    return new Map(own.map(({ number, meanReward }) => [number, meanReward]));
  });
  const { x, lines } = alignLines(points, areFar(world!.number!));
  return {
    x,
    lines: agents.map(({ name }, agent) => {
      return { name, colour: onGround(colours[agent]!, theme), y: lines[agent]! };
    }),
  };
}

/** Whether two times are too far apart for a line between them to say anything: the longer they are, the less a step matters. */
function areFar({ trained: [least, most] }: NumberInfo) {
  const near = Math.max(1, (most - least) / 3);
  return (from: number, to: number) => to - from > Math.max(near, from / 4);
}
