import type { Actions } from '../actions.ts';
import { element, setAttributes } from '../dom.ts';
import { firstDifference, verdictOf } from '../episode.ts';
import { type Inks, inksOf } from '../inks.ts';
import { Sheet } from '../sheet.ts';
import { type State, spanOf } from '../state.ts';
import { SIGNS } from '../thoughts/action-bars.ts';
import type { PaneFace } from './pane.ts';

const TOP = 19;
const LANE = 15;
const RIGHT = 14;
const LEAST_FOR_SIGNS = 11;

/** The whole episode from left to right: what each player does, who arrives when, and where they first differ. Scrubbed by pointer or keys. */
export class Timeline {
  readonly root: HTMLElement;
  readonly #sheet = new Sheet(element('canvas', { 'aria-hidden': 'true' }), () => this.#again());
  readonly #scrub = element('input', {
    type: 'range',
    min: 0,
    step: 1,
    'aria-label': 'Step of the episode',
  });
  #span = 1;
  #left = 0;
  #again = () => {};

  constructor(root: HTMLElement, actions: Actions) {
    this.root = root;
    const { canvas } = this.#sheet;
    root.append(canvas, this.#scrub);
    this.#scrub.addEventListener('input', () => actions.goTo(this.#scrub.valueAsNumber));
    const goTo = ({ offsetX, buttons, type }: PointerEvent) => {
      if (buttons === 0 && type !== 'pointerdown') return;
      const width = this.#sheet.width - this.#left - RIGHT;
      actions.goTo(Math.round(((offsetX - this.#left) / width) * this.#span));
    };
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      goTo(event);
    });
    canvas.addEventListener('pointermove', goTo);
  }

  show(faces: readonly PaneFace[], state: State): void {
    const { moment, episode } = state;
    const due = episode?.dueAt(moment) ?? null;
    this.#span = spanOf(state);
    this.#scrub.max = String(this.#span);
    this.#scrub.value = String(moment);
    setAttributes(this.#scrub, {
      'aria-valuetext': `step ${moment}${due === null ? '' : ` of ${due}`}`,
    });

    const difference = episode && firstDifference(episode);
    this.root.dataset.difference = String(difference ?? 'none');
    this.#sheet.canvas.style.height = `${TOP + faces.length * LANE + 6}px`;
    this.#again = () => this.#draw(faces, state, due, difference);
    this.#again();
  }

  #draw(
    faces: readonly PaneFace[],
    state: State,
    due: number | null,
    difference: number | null,
  ): void {
    const { moment, world, theme } = state;
    const context = this.#sheet.clear();
    const { width } = this.#sheet;
    const inks = inksOf(theme);
    this.#left = width < 600 ? 64 : 132;
    const cell = (width - this.#left - RIGHT) / this.#span;
    const x = (step: number) => this.#left + step * cell;
    const bottom = TOP + faces.length * LANE;
    context.font = `11px ${inks.font}`;
    context.textBaseline = 'middle';

    if (world?.number && due !== null) {
      const { trained } = world.number;
      context.fillStyle = inks.shade;
      const until = Math.min(this.#span, trained[1]);
      context.fillRect(x(trained[0]), TOP, x(until) - x(trained[0]), bottom - TOP);
    }
    faces.forEach((face, lane) => {
      drawLane(context, face, state, { x, cell, y: TOP + (lane + 0.5) * LANE, inks });
    });

    let free = width;
    if (world?.number && due !== null && due <= this.#span) {
      context.fillStyle = inks.good;
      context.fillRect(x(due) - 1, TOP - 4, 2, bottom - TOP + 6);
      free = label(context, `${world.number.symbol} = ${due}`, x(due), width, free);
    }
    if (difference !== null) {
      context.fillStyle = inks.ink;
      const at = x(difference) + cell / 2;
      context.globalAlpha = 0.25;
      context.fillRect(at - 0.5, TOP, 1, bottom - TOP);
      context.globalAlpha = 1;
      context.save();
      context.translate(at, TOP - 8);
      context.rotate(Math.PI / 4);
      context.fillRect(-3.2, -3.2, 6.4, 6.4);
      context.restore();
      context.fillStyle = inks.quiet;
      const said = 'they differ';
      const wide = context.measureText(said).width;
      if (at + 9 + wide < free) context.fillText(said, at + 9, TOP - 8);
    }
    context.fillStyle = inks.ink;
    context.beginPath();
    context.roundRect(x(moment) - 1.5, TOP - 3, 3, bottom - TOP + 6, 1.5);
    context.fill();
  }
}

interface Drawing {
  x(step: number): number;
  readonly cell: number;
  /** The lane's middle. */
  readonly y: number;
  readonly inks: Inks;
}

function drawLane(
  context: CanvasRenderingContext2D,
  { title, colour, track, episode }: PaneFace,
  { moment, world }: State,
  { x, cell, y, inks }: Drawing,
): void {
  context.textAlign = 'left';
  context.fillStyle = colour;
  context.fillText(shortened(context, title, x(0) - 8), 0, y);
  if (track === undefined || episode === null) return;
  context.textAlign = 'center';
  track.steps.forEach(({ action }, step) => {
    const name = world?.actions[action] ?? '';
    context.globalAlpha = step < moment ? 1 : 0.38;
    if (cell >= LEAST_FOR_SIGNS) {
      context.fillText(SIGNS[name] ?? name.charAt(0), x(step) + cell / 2, y);
      return;
    }
    const high = name === 'pass' ? 2 : LANE - 6;
    context.fillRect(x(step) + cell * 0.12, y - high / 2, Math.max(0.6, cell * 0.76), high);
  });
  context.globalAlpha = 1;
  const verdict = verdictOf(episode, track);
  if (verdict === null || verdict.kind === 'never' || verdict.kind === 'over') return;
  context.fillStyle = inks[verdict.kind === 'exact' ? 'good-bright' : 'off-bright'];
  context.globalAlpha = moment >= track.steps.length ? 1 : 0.5;
  context.beginPath();
  context.arc(x(track.steps.length), y, 5, 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = 1;
}

/** Writes above a line, to its right, or to its left where there is no room. @returns where the text begins */
function label(
  context: CanvasRenderingContext2D,
  text: string,
  at: number,
  width: number,
  free: number,
): number {
  const wide = context.measureText(text).width;
  const begin = Math.min(at - wide / 2, width - wide);
  context.textAlign = 'left';
  context.fillText(text, begin, TOP - 11);
  return Math.min(free, begin - 6);
}

function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let short = text;
  while (short.length > 1 && context.measureText(`${short}…`).width > room)
    short = short.slice(0, -1);
  return `${short}…`;
}
