import type { Actions } from '../actions.ts';
import { element, setAttributes, setText } from '../dom.ts';
import type { State } from '../state.ts';
import { stopsUpTo } from '../times.ts';

/** The longest that the slider offers; the field takes longer ones. */
const MOST = 1000;
const THUMB = 16;

/** The time told: a slider that goes far beyond the training range, which is marked on it, and a field for any other. */
export class TimeControl {
  readonly root: HTMLElement;
  readonly #slider = element('input', {
    type: 'range',
    min: 0,
    step: 1,
    'aria-label': 'Time t told to the agents',
  });
  readonly #field = element('input', {
    type: 'number',
    min: 1,
    step: 1,
    'aria-label': 'Time t, exactly',
  });
  readonly #says = element('span', { class: 'says', text: 'arrive at' });
  readonly #trained = element('span', { class: 'trained' });
  readonly #beyond = element('span', { class: 'beyond', text: 'never trained on →' });
  #stops: readonly number[] = [];

  constructor(actions: Actions) {
    const slide = element('div', { class: 'slide' }, this.#slider, this.#trained, this.#beyond);
    this.root = element(
      'div',
      { class: 'time', role: 'group', 'aria-label': 'Time' },
      this.#says,
      slide,
      this.#field,
    );
    let due: number | undefined;
    this.#slider.addEventListener('input', () => {
      const time = this.#stops[this.#slider.valueAsNumber]!;
      this.#field.value = String(time);
      window.clearTimeout(due);
      due = window.setTimeout(() => actions.setTime(time), 80);
    });
    this.#field.addEventListener('change', () => actions.setTime(this.#field.valueAsNumber));
  }

  show({ world, limits, time, branching, branchTime, replay }: State): void {
    this.root.hidden = world === null || !world.takesTime;
    if (world === null || limits === null) return;
    if (this.#stops.length === 0) {
      this.#stops = stopsUpTo(Math.min(MOST, limits.time));
      this.#slider.max = String(this.#stops.length - 1);
      this.#field.max = String(limits.time);
      this.#mark(world.trainingRange);
    }
    this.#slider.disabled = replay !== null;
    this.#field.disabled = replay !== null;
    const told = branching === null ? time : branchTime;
    setText(this.#says, branching === null ? 'arrive at step' : `from step ${branching}, t =`);
    this.root.classList.toggle('branching', branching !== null);
    if (told === null) return;
    if (document.activeElement !== this.#field) this.#field.value = String(told);
    const at = this.#stops.findLastIndex((stop) => stop <= told);
    this.#slider.value = String(at);
    setAttributes(this.#slider, { 'aria-valuetext': `t = ${told}` });
  }

  #mark(range: readonly [number, number] | null): void {
    this.#trained.hidden = range === null;
    this.#beyond.hidden = range === null;
    if (range === null) return;
    const last = this.#stops.length - 1;
    const at = (time: number) => {
      const share =
        Math.max(
          0,
          this.#stops.findLastIndex((stop) => stop <= time),
        ) / last;
      return `calc(${THUMB / 2}px + ${share} * (100% - ${THUMB}px))`;
    };
    this.root.style.setProperty('--trained-from', at(range[0]));
    this.root.style.setProperty('--trained-to', at(range[1]));
    setText(this.#trained, `trained on ${range[0]}–${range[1]}`);
  }
}
