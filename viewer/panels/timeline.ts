import { THEMES } from '../../src/render/palette.ts';
import type { Commands } from '../commands.ts';
import { element, onDrag, setAttributes } from '../dom.ts';
import { FIRST_DIFFERENCE, firstDifference } from '../episode.ts';
import { SizedCanvas } from '../sized-canvas.ts';
import { branchOf, type State, spanOf } from '../state.ts';
import { FONT } from '../theme.ts';
import { ActionLanes, LANE } from './action-lanes.ts';
import type { PaneContent } from './pane-view.ts';

const TOP = 19;
const RIGHT = 14;
/** Least space between two words, in CSS pixels. */
const SPACE = 6;
const FAINT = 0.4;

/**
 * The whole episode from left to right: what each player does, when each arrives, where they first differ, and where a branch
 * begins. Pointer and keys scrub through it.
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

  constructor(root: HTMLElement, commands: Commands) {
    this.root = root;
    const { canvas } = this.#sheet;
    root.append(canvas, this.#scrub);
    this.#scrub.addEventListener('input', () => commands.goTo(this.#scrub.valueAsNumber));
    onDrag(canvas, (x) => {
      const width = this.#sheet.width - this.#left - RIGHT;
      commands.goTo(Math.round(((x - this.#left) / width) * this.#span));
    });
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
    this.#sheet.canvas.style.height = `${TOP + contents.length * LANE + 6}px`;
    this.#sheet.draw((context) => this.#draw(context, contents, state, difference));
  }

  #draw(
    context: CanvasRenderingContext2D,
    contents: readonly PaneContent[],
    state: State,
    difference: number | null,
  ): void {
    const { moment, world, theme } = state;
    const branchAt = branchOf(state)?.at ?? null;
    const { width } = this.#sheet;
    const colours = THEMES[theme];
    this.#left = width < 600 ? 74 : 132;
    const cell = (width - this.#left - RIGHT) / this.#span;
    const x = (step: number) => this.#left + step * cell;
    const bottom = TOP + contents.length * LANE;
    context.font = `12px ${FONT}`;
    context.textBaseline = 'middle';

    if (world?.number?.countsSteps) {
      const { trained } = world.number;
      context.fillStyle = colours.shade;
      const until = Math.min(this.#span, trained[1]);
      context.fillRect(x(trained[0]), TOP, x(until) - x(trained[0]), bottom - TOP);
    }
    const places = { left: this.#left, top: TOP, width, cell };
    this.#lanes.draw(context, contents, state, places);

    const labels = new Labels(context, width);
    const upright = (at: number, strength: number, from = TOP, to = bottom) => {
      context.globalAlpha = strength;
      context.fillRect(at - 1, from, 2, to - from);
      context.globalAlpha = 1;
    };
    // Each number at its own lanes: a branch has another one.
    context.fillStyle = colours.good;
    contents.forEach((content, lane) => {
      const due = dueOf(content);
      if (due === null || due > this.#span) return;
      const from = TOP + lane * LANE;
      if (lane === contents.findIndex((one) => dueOf(one) === due)) {
        upright(x(due), FAINT, TOP - 4, bottom + 2);
        labels.write(`${content.episode?.dueSymbol} = ${due}`, x(due));
      }
      upright(x(due), 1, from, from + LANE);
    });
    for (const { countsSteps, symbol, value } of state.episode?.numbersAt(moment).slice(0, -1) ??
      []) {
      if (!countsSteps || value > this.#span) continue;
      upright(x(value), FAINT, TOP - 4, bottom + 2);
      labels.write(`${symbol} = ${value}`, x(value));
    }
    if (branchAt !== null) {
      context.fillStyle = colours.ink;
      for (let y = TOP - 4; y < bottom; y += 5) context.fillRect(x(branchAt) - 0.5, y, 1, 3);
      context.fillStyle = colours.quiet;
      labels.write('branch', x(branchAt));
    }
    if (difference !== null) {
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
    context.fillStyle = colours.ink;
    context.beginPath();
    context.roundRect(x(moment) - 1.5, TOP - 3, 3, bottom - TOP + 6, 1.5);
    context.fill();
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
