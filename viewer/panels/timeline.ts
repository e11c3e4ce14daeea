import { THEMES } from '../../src/render/palette.ts';
import type { Commands } from '../commands.ts';
import { element, setAttributes } from '../dom.ts';
import { FIRST_DIFFERENCE, firstDifference } from '../episode.ts';
import { SizedCanvas } from '../sized-canvas.ts';
import { branchOf, type State, spanOf } from '../state.ts';
import { FONT } from '../theme.ts';
import { ActionLanes, LANE } from './action-lanes.ts';
import type { PaneContent } from './pane-view.ts';

const TOP = 19;
const RIGHT = 14;
/** Between two words, in CSS pixels. */
const SPACE = 6;
const FAINT = 0.4;

/**
 * The whole episode from left to right: what each player does, who arrives when, where they first differ, and where a branch
 * begins. Scrubbed by pointer or keys.
 */
export class Timeline {
  readonly root: HTMLElement;
  readonly #sheet = new SizedCanvas(element('canvas', { 'aria-hidden': 'true' }), () =>
    this.#again(),
  );
  readonly #scrub = element('input', {
    type: 'range',
    min: 0,
    step: 1,
    'aria-label': 'Step of the episode',
  });
  readonly #lanes = new ActionLanes();
  #span = 1;
  #left = 0;
  #again = () => {};

  constructor(root: HTMLElement, commands: Commands) {
    this.root = root;
    const { canvas } = this.#sheet;
    root.append(canvas, this.#scrub);
    this.#scrub.addEventListener('input', () => commands.goTo(this.#scrub.valueAsNumber));
    const goTo = ({ offsetX, buttons, type }: PointerEvent) => {
      if (buttons === 0 && type !== 'pointerdown') return;
      const width = this.#sheet.width - this.#left - RIGHT;
      commands.goTo(Math.round(((offsetX - this.#left) / width) * this.#span));
    };
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      goTo(event);
    });
    canvas.addEventListener('pointermove', goTo);
  }

  show(faces: readonly PaneContent[], state: State): void {
    const { moment, episode } = state;
    const due = episode?.dueAt(moment) ?? null;
    const difference = episode && firstDifference(episode);
    const branchAt = branchOf(state)?.at ?? null;
    this.#span = spanOf(state);
    this.#scrub.max = String(this.#span);
    this.#scrub.value = String(moment);
    const says = [
      `step ${moment}${due === null ? '' : ` of ${due}`}`,
      difference === moment && FIRST_DIFFERENCE,
      branchAt === moment && 'branch',
    ];
    setAttributes(this.#scrub, { 'aria-valuetext': says.filter(Boolean).join(', ') });
    this.root.dataset.difference = String(difference ?? 'none');
    this.root.dataset.branch = String(branchAt ?? 'none');
    this.root.dataset.due = [...new Set(faces.map(dueOf))].filter((one) => one !== null).join(' ');
    this.#sheet.canvas.style.height = `${TOP + faces.length * LANE + 6}px`;
    this.#again = () => this.#draw(faces, state, difference);
    this.#again();
  }

  #draw(faces: readonly PaneContent[], state: State, difference: number | null): void {
    const { moment, world, theme } = state;
    const branchAt = branchOf(state)?.at ?? null;
    const context = this.#sheet.clear();
    const { width } = this.#sheet;
    const colours = THEMES[theme];
    this.#left = width < 600 ? 64 : 132;
    const cell = (width - this.#left - RIGHT) / this.#span;
    const x = (step: number) => this.#left + step * cell;
    const bottom = TOP + faces.length * LANE;
    context.font = `12px ${FONT}`;
    context.textBaseline = 'middle';

    if (world?.number?.countsSteps) {
      const { trained } = world.number;
      context.fillStyle = colours.shade;
      const until = Math.min(this.#span, trained[1]);
      context.fillRect(x(trained[0]), TOP, x(until) - x(trained[0]), bottom - TOP);
    }
    const places = { left: this.#left, top: TOP, width, cell };
    this.#lanes.draw(context, faces, state, places);

    const labels = new Labels(context, width);
    const upright = (at: number, strength: number, from = TOP, to = bottom) => {
      context.globalAlpha = strength;
      context.fillRect(at - 1, from, 2, to - from);
      context.globalAlpha = 1;
    };
    // What each is told, at its own lanes; a branch is told another number than the rest.
    context.fillStyle = colours.good;
    faces.forEach((face, lane) => {
      const due = dueOf(face);
      if (due === null || due > this.#span) return;
      const from = TOP + lane * LANE;
      if (lane === faces.findIndex((one) => dueOf(one) === due)) {
        upright(x(due), FAINT, TOP - 4, bottom + 2);
        labels.write(`${world?.number?.symbol} = ${due}`, x(due));
      }
      upright(x(due), 1, from, from + LANE);
    });
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
      labels.writeBeside(FIRST_DIFFERENCE, at);
    }
    context.fillStyle = colours.ink;
    context.beginPath();
    context.roundRect(x(moment) - 1.5, TOP - 3, 3, bottom - TOP + 6, 1.5);
    context.fill();
  }
}

/** The step that a player should end at, as it is told last. */
function dueOf({ episode }: PaneContent): number | null {
  return episode?.dueAt(Number.POSITIVE_INFINITY) ?? null;
}

/** Words above the lanes, where there is still room for them. */
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
  writeBeside(text: string, at: number): void {
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
