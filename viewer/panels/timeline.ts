import type { Actions } from '../actions.ts';
import { element, setAttributes } from '../dom.ts';
import { firstDifference } from '../episode.ts';
import { inksOf } from '../inks.ts';
import { Sheet } from '../sheet.ts';
import { type State, spanOf } from '../state.ts';
import { LANE, Lanes } from './lanes.ts';
import type { PaneFace } from './pane.ts';

const TOP = 19;
const RIGHT = 14;

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
  readonly #lanes = new Lanes();
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
    const places = { left: this.#left, top: TOP, width, cell };
    this.#lanes.draw(context, faces, state, places);

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
