import { THEMES } from '../../src/render/palette.ts';
import type { NumberInfo } from '../../src/watch/protocol.ts';
import type { Commands } from '../commands.ts';
import { LastSeen } from '../last-seen.ts';
import { rowsKey, type State } from '../state.ts';
import { FONT } from '../theme.ts';
import { alignLines } from './aligned-lines.ts';
import { agentLines, LineChart, placeX } from './line-chart.ts';

/**
 * Reward for each main number, one line per agent, over episodes in which the world draws any others. The number on screen is
 * marked; choosing another one sets it.
 */
export class RewardChart {
  readonly root: HTMLElement;
  readonly #chart: LineChart;
  #number: NumberInfo | null = null;
  #current: number | null = null;
  /** Which other numbers are drawn, if there are any. */
  #drawn = '';
  readonly #seen = new LastSeen();

  constructor(commands: Commands) {
    this.#chart = new LineChart({
      title: () => `Reward by ${this.#number?.meaning}`,
      xName: () => `${this.#number?.meaning} ${this.#number?.symbol}${this.#drawn}`,
      points: true,
      logBeyond: 100,
      xRange: (least, most) => {
        const marked = [...(this.#number?.trained ?? []), this.#current ?? []].flat();
        return [Math.min(least, ...marked) - 1, Math.max(most, ...marked) + 1];
      },
      maxReward: () => this.#number?.maxReward,
      formatX: (number) => `${this.#number?.symbol} = ${number}`,
      under: (plot, context, theme) => {
        if (this.#number === null) return;
        const { shade, quiet } = THEMES[theme];
        const { left, top, width, height } = plot.bbox;
        const [from, to] = this.#number.trained.map((end) =>
          Math.min(left + width, Math.max(left, placeX(plot, end))),
        ) as [number, number];
        context.fillStyle = shade;
        context.fillRect(from, top, to - from, height);
        context.fillStyle = quiet;
        context.font = `${12 * devicePixelRatio}px ${FONT}`;
        context.textAlign = 'center';
        context.textBaseline = 'middle';
        context.fillText('trained', (from + to) / 2, top + height - 10 * devicePixelRatio);
      },
      marks: (theme) => [{ x: this.#current, colour: THEMES[theme].good, width: 2 }],
      onPick: (number) => commands.setNumber(number),
    });
    this.root = this.#chart.root;
  }

  show(state: State): void {
    const { world, agents, rows, policy, theme, episode, moment } = state;
    const current = episode?.numberAt(moment) ?? null;
    if (!this.#seen.differs(world, agents, rows, policy, theme, current)) return;
    this.#number = world?.number ?? null;
    this.#current = current;
    const others = (world?.otherNumbers ?? []).map(({ symbol }) => symbol).join(', ');
    this.#drawn = others && ` (${others} random)`;
    this.root.hidden = this.#number === null;
    if (this.#number === null) return;
    const points = agents.map((_, agent) => {
      const own = rows.get(rowsKey(agent, policy)) ?? [];
      return new Map(own.map(({ number, meanReward }) => [number, meanReward]));
    });
    const { x, lines } = alignLines(points, areFar(this.#number));
    const here = agents.map(() => current);
    this.#chart.show({ x, lines: agentLines(agents, theme, lines) }, theme, here);
  }
}

/** Whether two numbers are too far apart to join them: the larger they are, the less a step matters. */
function areFar({ trained: [least, most] }: NumberInfo) {
  const near = Math.max(1, (most - least) / 3);
  return (from: number, to: number) => to - from > Math.max(near, from / 4);
}
