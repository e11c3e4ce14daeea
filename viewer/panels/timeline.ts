import { THEMES } from '../../src/render/palette.ts';
import type { Commands } from '../commands.ts';
import { element, onDrag, setAttributes } from '../dom.ts';
import { FIRST_DIFFERENCE, firstDifference } from '../episode.ts';
import { SizedCanvas } from '../sized-canvas.ts';
import { branchOf, type State, spanOf } from '../state.ts';
import { FONT } from '../theme.ts';
import { ActionLanes, LANE, type Places } from './action-lanes.ts';
import type { PaneContent } from './pane-view.ts';
import { drawOverview, OVERVIEW } from './timeline-overview.ts';
import { type TimelineWindow, windowAt } from './timeline-window.ts';

const TOP = 19;
const RIGHT = 14;
/** Least space between two words, in CSS pixels. */
const SPACE = 6;
const FAINT = 0.4;
const COUNT = new Intl.NumberFormat('en');

/**
 * The episode from left to right: what each player does, when each arrives, where they first differ, and where a branch begins.
 * Of a long one the lanes show the steps around the moment on screen, and a bar below them the whole. Pointer and keys scrub
 * through it.
 */
export class Timeline {
  readonly root: HTMLElement;
  readonly #sheet = new SizedCanvas(element('canvas', { 'aria-hidden': 'true' }));
  readonly #scrub = element('input', {
    type: 'range',
    min: 0,
    step: 1,
    'aria-label': 'Step of the episode',
  });
  readonly #lanes = new ActionLanes();
  #span = 1;
  #left = 0;
  #window: TimelineWindow = { first: 0, count: 1 };
  /** What the pointer drags over. */
  #dragged: 'lanes' | 'overview' | null = null;

  constructor(root: HTMLElement, commands: Commands) {
    this.root = root;
    const { canvas } = this.#sheet;
    root.append(canvas, this.#scrub);
    this.#scrub.addEventListener('input', () => commands.goTo(this.#scrub.valueAsNumber));
    canvas.addEventListener('pointerdown', ({ offsetY }) => {
      const isBelow = this.#isPart && offsetY > canvas.clientHeight - OVERVIEW;
      this.#dragged = isBelow ? 'overview' : 'lanes';
    });
    onDrag(canvas, (x) => {
      const share = (x - this.#left) / this.#room;
      const { first, count } = this.#window;
      const step = this.#dragged === 'overview' ? share * this.#span : first + share * count;
      commands.goTo(Math.round(step));
    });
    for (const end of ['pointerup', 'pointercancel'])
      canvas.addEventListener(end, () => {
        this.#dragged = null;
      });
  }

  get #room(): number {
    return this.#sheet.width - this.#left - RIGHT;
  }

  /** Whether the lanes show some of the steps only. */
  get #isPart(): boolean {
    return this.#window.count < this.#span;
  }

  show(contents: readonly PaneContent[], state: State): void {
    const { moment, episode } = state;
    const due = episode?.dueAt(moment) ?? null;
    const difference = episode && firstDifference(episode);
    const branchAt = branchOf(state)?.at ?? null;
    this.#span = spanOf(state);
    this.#scrub.max = String(this.#span);
    this.#scrub.value = String(moment);
    const text = [
      `step ${moment}${due === null ? '' : ` of ${due}`}`,
      difference === moment && FIRST_DIFFERENCE,
      branchAt === moment && 'branch',
    ];
    setAttributes(this.#scrub, { 'aria-valuetext': text.filter(Boolean).join(', ') });
    this.root.dataset.difference = String(difference ?? 'none');
    this.root.dataset.branch = String(branchAt ?? 'none');
    this.root.dataset.due = [...new Set(contents.map(dueOf))]
      .filter((one) => one !== null)
      .join(' ');
    this.#sheet.draw((context) => this.#draw(context, contents, state, difference));
  }

  /** Decides which steps the lanes show, and where. */
  #layOut(lanes: number, { moment }: State): Layout {
    const { width } = this.#sheet;
    this.#left = width < 600 ? 74 : 132;
    this.#window = windowAt(
      moment,
      this.#span,
      this.#room,
      this.#window.first,
      this.#dragged !== null,
    );
    const { first, count } = this.#window;
    const bottom = TOP + lanes * LANE;
    this.#sheet.canvas.style.height = `${bottom + (this.#isPart ? OVERVIEW : 6)}px`;
    this.root.dataset.window = this.#isPart ? `${first} ${first + count}` : 'all';
    const cell = this.#room / count;
    return {
      ...{ left: this.#left, top: TOP, bottom, width, cell, first, count },
      x: (step) => this.#left + (step - first) * cell,
      has: (step) => step >= first && step <= first + count,
    };
  }

  #draw(
    context: CanvasRenderingContext2D,
    contents: readonly PaneContent[],
    state: State,
    difference: number | null,
  ): void {
    const { moment, world, theme } = state;
    const layout = this.#layOut(contents.length, state);
    const { first, count, bottom, x } = layout;
    const colours = THEMES[theme];
    context.font = `12px ${FONT}`;
    context.textBaseline = 'middle';
    const trained = world?.number?.countsSteps ? world.number.trained : null;
    if (trained !== null) {
      context.fillStyle = colours.shade;
      const [from, until] = [Math.max(first, trained[0]), Math.min(first + count, trained[1])];
      if (until > from) context.fillRect(x(from), TOP, x(until) - x(from), bottom - TOP);
    }
    this.#lanes.draw(context, contents, state, layout);

    const labels = new Labels(context, layout.width);
    drawMarks(context, labels, contents, state, difference, layout);
    context.fillStyle = colours.ink;
    context.beginPath();
    context.roundRect(x(moment) - 1.5, TOP - 3, 3, bottom - TOP + 6, 1.5);
    context.fill();
    if (!this.#isPart) return;
    context.fillStyle = colours.quiet;
    for (const step of [first, first + count]) labels.write(COUNT.format(step), x(step));
    context.fillText('whole episode', 0, bottom + OVERVIEW / 2, this.#left - 8);
    const place = { left: this.#left, top: bottom, width: this.#room };
    const signs = [difference, branchOf(state)?.at ?? null].filter((step) => step !== null);
    const due = contents.flatMap((content) => dueOf(content) ?? []);
    const whole = { span: this.#span, moment, window: this.#window, trained, due, signs };
    drawOverview(context, place, whole, theme);
  }
}

/** Where everything is, in CSS pixels. */
interface Layout extends Places {
  /** Below the lanes. */
  readonly bottom: number;
  x(step: number): number;
  /** Whether a step is among those that the lanes show. */
  has(step: number): boolean;
}

/** Marks the steps to arrive at, where a branch begins and where agents first differ, each with its name where there is room. */
function drawMarks(
  context: CanvasRenderingContext2D,
  labels: Labels,
  contents: readonly PaneContent[],
  state: State,
  difference: number | null,
  { bottom, cell, x, has }: Layout,
): void {
  const { moment, theme } = state;
  const branchAt = branchOf(state)?.at ?? null;
  const colours = THEMES[theme];
  const upright = (at: number, strength: number, from = TOP, to = bottom) => {
    context.globalAlpha = strength;
    context.fillRect(at - 1, from, 2, to - from);
    context.globalAlpha = 1;
  };
  // Each number at its own lanes: a branch has another one.
  context.fillStyle = colours.good;
  contents.forEach((content, lane) => {
    const due = dueOf(content);
    if (due === null || !has(due)) return;
    const from = TOP + lane * LANE;
    if (lane === contents.findIndex((one) => dueOf(one) === due)) {
      upright(x(due), FAINT, TOP - 4, bottom + 2);
      labels.write(`${content.episode?.dueSymbol} = ${due}`, x(due));
    }
    upright(x(due), 1, from, from + LANE);
  });
  for (const number of state.episode?.numbersAt(moment).slice(0, -1) ?? []) {
    const { countsSteps, symbol, value } = number;
    if (!countsSteps || !has(value)) continue;
    upright(x(value), FAINT, TOP - 4, bottom + 2);
    labels.write(`${symbol} = ${value}`, x(value));
  }
  if (branchAt !== null && has(branchAt)) {
    context.fillStyle = colours.ink;
    for (let y = TOP - 4; y < bottom; y += 5) context.fillRect(x(branchAt) - 0.5, y, 1, 3);
    context.fillStyle = colours.quiet;
    labels.write('branch', x(branchAt));
  }
  if (difference !== null && has(difference)) {
    const at = x(difference) + cell / 2;
    context.fillStyle = colours.ink;
    upright(at, FAINT / 2);
    context.save();
    context.translate(at, TOP - 8);
    context.rotate(Math.PI / 4);
    context.fillRect(-3.2, -3.2, 6.4, 6.4);
    context.restore();
    context.fillStyle = colours.quiet;
    labels.writeNextTo(FIRST_DIFFERENCE, at);
  }
}

/** The step to arrive at, by the last number of the episode. */
function dueOf({ episode }: PaneContent): number | null {
  return episode?.dueAt(Number.POSITIVE_INFINITY) ?? null;
}

/** Words above the lanes, where there is room left. */
class Labels {
  readonly #context: CanvasRenderingContext2D;
  readonly #width: number;
  readonly #taken: (readonly [number, number])[] = [];

  constructor(context: CanvasRenderingContext2D, width: number) {
    this.#context = context;
    this.#width = width;
    context.textAlign = 'left';
  }

  /** Centred on a line. */
  write(text: string, at: number): void {
    const wide = this.#context.measureText(text).width;
    this.#writeFrom(text, Math.min(at - wide / 2, this.#width - wide), wide, TOP - 11);
  }

  /** To the right of a sign, or to its left. */
  writeNextTo(text: string, at: number): void {
    const wide = this.#context.measureText(text).width;
    for (const from of [at + 9, at - 9 - wide])
      if (this.#writeFrom(text, from, wide, TOP - 8)) return;
  }

  #writeFrom(text: string, from: number, wide: number, y: number): boolean {
    const to = from + wide;
    if (from < 0 || to > this.#width) return false;
    if (this.#taken.some(([begin, end]) => from < end + SPACE && to > begin - SPACE)) return false;
    this.#taken.push([from, to]);
    this.#context.fillText(text, from, y);
    return true;
  }
}
