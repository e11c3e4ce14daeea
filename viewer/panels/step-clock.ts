import { setAttributes, setText, svg } from '../dom.ts';
import type { Verdict } from '../episode.ts';

const SIZE = 100;
const CENTRE = SIZE / 2;
const RADIUS = 40;
const AROUND = 2 * Math.PI * RADIUS;
/** With more steps than this, ticks would run into each other. */
const MOST_TICKS = 72;
/** From here on a number leaves no room for "of". */
const LONG = 10_000;

export interface ClockFace {
  /** Steps taken. */
  readonly steps: number;
  /** The step that the episode should end at; null: none. */
  readonly due: number | null;
  readonly over: Verdict['kind'] | null;
}

/**
 * A clock on which one turn takes as many steps as the number says, so that the ring closes at exactly that moment. What an early arrival
 * leaves open, and how far a late one goes beyond, has another colour.
 */
export class StepClock {
  readonly root: SVGSVGElement;
  readonly #ticks = svg('g', { class: 'ticks' });
  readonly #filled = arc('filled');
  readonly #missing = arc('missing');
  readonly #laps = arc('laps');
  readonly #beyond = arc('beyond');
  readonly #steps = svg('text', { class: 'steps', x: CENTRE, y: 52 });
  readonly #of = svg('text', { class: 'of', x: CENTRE, y: 69 });
  #ticked: number | null = null;

  constructor() {
    this.root = svg(
      'svg',
      { class: 'clock', viewBox: `0 0 ${SIZE} ${SIZE}`, role: 'img' },
      svg('circle', { class: 'track', cx: CENTRE, cy: CENTRE, r: RADIUS }),
      this.#filled,
      this.#missing,
      this.#laps,
      this.#beyond,
      this.#ticks,
      svg('path', { class: 'goal', d: `M${CENTRE} 2v15` }),
      this.#steps,
      this.#of,
    );
  }

  show({ steps, due, over }: ClockFace): void {
    this.#tick(due);
    const turns = due === null ? 0 : steps / due;
    fill(this.#filled, 0, Math.min(1, turns));
    fill(this.#missing, turns, over === 'early' ? 1 : turns);
    // Each further turn is drawn over the one before, which pales.
    const beyond = Math.max(0, turns - 1);
    fill(this.#laps, 0, beyond > 1 ? 1 : 0);
    fill(this.#beyond, 0, beyond > 1 && beyond % 1 > 0 ? beyond % 1 : Math.min(1, beyond));
    setAttributes(this.root, {
      'data-over': over ?? 'no',
      'data-digits': String(steps).length,
      'aria-label': due === null ? `step ${steps}` : `step ${steps} of ${due}`,
    });
    setText(this.#steps, String(steps));
    setText(
      this.#of,
      due !== null ? `${due < LONG ? 'of ' : '/'}${due}` : steps === 1 ? 'step' : 'steps',
    );
  }

  #tick(due: number | null): void {
    if (due === this.#ticked) return;
    this.#ticked = due;
    const count = due === null || due > MOST_TICKS ? 0 : due;
    const lines = Array.from({ length: count }, (_, tick) =>
      svg('path', {
        d: `M${CENTRE} ${CENTRE - RADIUS - 5}v10`,
        transform: `rotate(${(tick / count) * 360} ${CENTRE} ${CENTRE})`,
      }),
    );
    this.#ticks.replaceChildren(...lines);
  }
}

function arc(name: string): SVGCircleElement {
  const turn = `rotate(-90 ${CENTRE} ${CENTRE})`;
  return svg('circle', { class: name, cx: CENTRE, cy: CENTRE, r: RADIUS, transform: turn });
}

/** Shows a part of a ring. @param from @param to shares of a turn */
function fill(ring: SVGCircleElement, from: number, to: number): void {
  const length = Math.max(0, to - from) * AROUND;
  setAttributes(ring, {
    'stroke-dasharray': `${length} ${AROUND}`,
    'stroke-dashoffset': -from * AROUND,
    visibility: length > 0 ? 'visible' : 'hidden',
  });
}
