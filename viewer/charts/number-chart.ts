import { wilson } from '../../src/evaluate/statistics.ts';
import { THEMES } from '../../src/render/palette.ts';
import type { NumberInfo, RewardRow } from '../../src/watch/protocol.ts';
import { episodeAddress } from '../address.ts';
import type { Commands } from '../commands.ts';
import { element, setAttributes } from '../dom.ts';
import { formatNumber } from '../format-number.ts';
import { LastSeen } from '../last-seen.ts';
import { firstInexact } from '../outcomes.ts';
import { rowsKey, type State } from '../state.ts';
import { FONT } from '../theme.ts';
import { alignLines } from './aligned-lines.ts';
import { agentLines, LineChart, placeX } from './line-chart.ts';
import type { PointLink } from './point-links.ts';

/** What a chart can show for each number. */
const MEASURES = { exact: 'Exact', reward: 'Reward' } as const;
type Measure = keyof typeof MEASURES;

/** 1, 2, 5, 10, 20… */
const WHOLE_STEPS = [1, 10, 100, 1_000, 10_000].flatMap((unit) => [unit, 2 * unit, 5 * unit]);

/**
 * For each main number the share of exact episodes, with its interval, or the mean reward: one line per agent, over episodes in which
 * the world draws any other numbers. The number on screen is marked; choosing another one sets it, and a point leads to an episode.
 */
export class NumberChart {
  readonly root: HTMLElement;
  readonly #chart: LineChart;
  readonly #commands: Commands;
  readonly #choices: ReadonlyMap<Measure, HTMLButtonElement>;
  readonly #seen = new LastSeen();
  #measure: Measure = 'exact';
  #state: State | undefined;
  #number: NumberInfo | null = null;
  #current: number | null = null;

  /** @param showEpisodes shows all episodes at a glance */
  constructor(commands: Commands, showEpisodes: () => void) {
    this.#commands = commands;
    this.#choices = new Map(
      (Object.keys(MEASURES) as Measure[]).map((measure) => [
        measure,
        this.#choice(MEASURES[measure], () => this.#choose(measure)),
      ]),
    );
    const choices = element(
      'div',
      { class: 'segments', role: 'group', 'aria-label': 'What the chart shows' },
      ...this.#choices.values(),
    );
    const all = this.#choice('All episodes', showEpisodes);
    setAttributes(all, { class: 'button small', title: 'How each episode went (A)' });
    this.#chart = new LineChart(
      {
        title: () => `${this.#isExact ? 'Exact episodes' : 'Reward'} by ${this.#number?.meaning}`,
        name: 'Results by number',
        explain: () => this.#explanation,
        xName: () => this.#xName(),
        points: true,
        stepsX: WHOLE_STEPS,
        logBeyond: 100,
        xRange: (least, most) => {
          const marked = [...(this.#number?.trained ?? []), this.#current ?? []].flat();
          return [Math.min(least, ...marked) - 1, Math.max(most, ...marked) + 1];
        },
        greatest: () => (this.#isExact ? 1 : this.#number?.maxReward),
        formatX: (number) => `${this.#number?.symbol} = ${number}`,
        formatY: (y) => (this.#isExact ? `${Math.round(100 * y)} %` : String(y)),
        read: (number) => this.#read(number),
        linkOf: (agent, number) => this.#linkOf(agent, number),
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
      },
      element('div', { class: 'tools' }, choices, all),
    );
    this.root = this.#chart.root;
  }

  show(state: State): void {
    const { world, agents, rows, outcomes, policy, theme, episode, moment } = state;
    const current = episode?.numberAt(moment) ?? null;
    const seen = [world, agents, rows, outcomes, policy, theme, current, this.#measure] as const;
    if (!this.#seen.differs(...seen)) return;
    this.#state = state;
    this.#number = world?.number ?? null;
    this.#current = current;
    this.root.hidden = this.#number === null;
    if (this.#number === null) return;
    for (const [measure, choice] of this.#choices)
      setAttributes(choice, { 'aria-pressed': String(measure === this.#measure) });
    const points = agents.map((_, agent) => {
      const own = this.#rowsOf(agent);
      return new Map(
        own.map(({ number, exact, meanReward }) => [number, this.#isExact ? exact : meanReward]),
      );
    });
    const { x, lines } = alignLines(points, areFar(this.#number));
    const drawn = agentLines(agents, theme, lines).map((line, agent) => ({
      ...line,
      ...(this.#isExact && { spans: this.#spansOf(agent, x) }),
    }));
    const here = agents.map(() => current);
    this.#chart.show({ x, lines: drawn }, theme, here);
  }

  get #isExact(): boolean {
    return this.#measure === 'exact';
  }

  #choice(text: string, run: () => void): HTMLButtonElement {
    const button = element('button', { type: 'button', text });
    button.addEventListener('click', ({ detail }) => {
      // After a click by pointer it gives up the focus, so that the space bar keeps its usual meaning.
      if (detail > 0) button.blur();
      run();
    });
    return button;
  }

  #choose(measure: Measure): void {
    this.#measure = measure;
    if (this.#state !== undefined) this.show(this.#state);
  }

  #xName(): string {
    const { meaning, symbol } = this.#number ?? {};
    const others = (this.#state?.world?.otherNumbers ?? []).map((other) => other.symbol);
    const notes = [
      ...(others.length > 0 ? [`${others.join(', ')} random`] : []),
      ...(this.#isExact ? ['bars: 95 % interval'] : []),
    ];
    return `${meaning} ${symbol}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`;
  }

  get #explanation(): string {
    const { meaning, symbol } = this.#number ?? {};
    const what = this.#isExact
      ? `The share of episodes that went exactly as asked, for each ${meaning} ${symbol}. A vertical bar is the 95 % interval: the fewer episodes were played, the longer it is.`
      : `The mean reward of the episodes at each ${meaning} ${symbol}. An agent that is never exact, but nearly, still earns much of it.`;
    return `${what} The shaded part is what the agents were trained on: beyond it, they have to go on by themselves. Choose a point to see one of its episodes, or any other place to ask for that number.`;
  }

  #rowsOf(agent: number): readonly RewardRow[] {
    const { rows, policy } = this.#state!;
    return rows.get(rowsKey(agent, policy)) ?? [];
  }

  #spansOf(agent: number, x: readonly number[]): (readonly [number, number] | null)[] {
    const rows = new Map(this.#rowsOf(agent).map((row) => [row.number, row]));
    return x.map((number) => {
      const row = rows.get(number);
      return row === undefined ? null : intervalOf(row);
    });
  }

  /** What the chart knows at a number, of each agent. */
  #read(number: number): string {
    const known = this.#state!.agents.flatMap(({ name }, agent) => {
      const row = this.#rowsOf(agent).find((one) => one.number === number);
      // A name is not broken at its hyphens.
      return row === undefined ? [] : [{ name: name.replaceAll('-', '\u2011'), row }];
    });
    const counts = new Set(known.map(({ row }) => row.episodes));
    const shared = counts.size === 1;
    const values = known.map(({ name, row }) => {
      const n = shared ? '' : ` of ${row.episodes}`;
      return `${name}\u00a0${this.#isExact ? shareText(row) : formatNumber(row.meanReward)}${n}`;
    });
    const each = known.length > 1 ? ' each' : '';
    const n = shared ? [countEpisodes([...counts][0]!) + each] : [];
    return [`${this.#number?.symbol} = ${number}`, ...n, ...values].join(' · ');
  }

  /** A point leads to the first episode of its agent that was not exact, or else to the first of all. */
  #linkOf(agent: number, number: number): PointLink | null {
    const state = this.#state!;
    const row = this.#rowsOf(agent).find((one) => one.number === number);
    if (row === undefined) return null;
    const outcomes = state.outcomes.get(rowsKey(agent, state.policy))?.get(number);
    const seed = row.exact < 1 ? firstInexact(outcomes) : 0;
    const value = this.#isExact
      ? `${shareText(row)} exact`
      : `reward ${formatNumber(row.meanReward)}`;
    const name = `${state.agents[agent]!.name}, ${this.#number?.symbol} = ${number}`;
    return {
      href: episodeAddress(state, number, seed),
      label: `${name}: ${value}, ${countEpisodes(row.episodes)}. Show episode ${seed}`,
      open: () => this.#commands.showEpisode(number, seed),
    };
  }
}

const countEpisodes = (count: number): string => `${count} ${count === 1 ? 'episode' : 'episodes'}`;

/** The interval of a share of exact episodes, Wilson's at 95 %. */
const intervalOf = ({ exact, episodes }: RewardRow): [number, number] =>
  wilson(Math.round(exact * episodes), episodes);

/** `35 % (18–57)` */
function shareText(row: RewardRow): string {
  const [low, high] = intervalOf(row).map((end) => Math.round(100 * end));
  return `${Math.round(100 * row.exact)}\u00a0%\u00a0(${low}–${high})`;
}

/** Whether two numbers are too far apart to join them: the larger they are, the less a step matters. */
function areFar({ trained: [least, most] }: NumberInfo) {
  const near = Math.max(1, (most - least) / 3);
  return (from: number, to: number) => to - from > Math.max(near, from / 4);
}
