import type { NumberInfo } from '../../src/watch/protocol.ts';
import type { Commands } from '../commands.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { leastOf, stopsUpTo } from '../number-stops.ts';
import { branchOf, type State } from '../state.ts';
import { NumberField } from './number-field.ts';

/** The longest that the slider offers; the field takes longer ones. */
const MOST = 1000;
const THUMB = 16;

/** The number told: a slider that goes far beyond the training range, which is marked on it, and a field for any other. */
export class NumberControl {
  readonly root: HTMLElement;
  readonly #slider = element('input', { type: 'range', min: 0, step: 1 });
  readonly #field: NumberField;
  readonly #says = element('span', { class: 'says' });
  readonly #trained = element('span', { class: 'trained' });
  readonly #beyond = element('span', { class: 'beyond', text: 'never trained on →' });
  #stops: readonly number[] = [];

  constructor(commands: Commands) {
    this.#field = new NumberField({
      onNumber: (number) => commands.setNumber(number),
      onInvalid: (says) => commands.notify(says),
    });
    const slide = element('div', { class: 'slide' }, this.#slider, this.#trained, this.#beyond);
    this.root = element(
      'div',
      { class: 'time', role: 'group', 'aria-label': 'Number told' },
      this.#says,
      slide,
      this.#field.input,
    );
    let due: number | undefined;
    this.#slider.addEventListener('input', () => {
      const number = this.#stops[this.#slider.valueAsNumber]!;
      this.#field.show(number);
      window.clearTimeout(due);
      due = window.setTimeout(() => commands.setNumber(number), 80);
    });
  }

  /** Lets the number be typed. */
  type(): void {
    this.#field.type();
  }

  show(state: State): void {
    const { world, limits, number, replay } = state;
    this.root.classList.toggle('none', !world?.number);
    if (!world?.number || limits === null) return;
    const { symbol, meaning, countsSteps } = world.number;
    if (this.#stops.length === 0) this.#name(world.number, limits.number);
    this.#slider.disabled = replay !== null;
    this.#field.input.disabled = replay !== null;
    const branch = branchOf(state);
    const told = branch === null ? number : branch.number;
    setText(
      this.#says,
      branch !== null
        ? `from step ${branch.at}, ${symbol} =`
        : countsSteps
          ? 'arrive at step'
          : `${meaning}, ${symbol} =`,
    );
    this.root.classList.toggle('branching', branch !== null);
    if (told === null) return;
    this.#field.show(told);
    const at = this.#stops.findLastIndex((stop) => stop <= told);
    this.#slider.value = String(at);
    setAttributes(this.#slider, { 'aria-valuetext': `${symbol} = ${told}` });
  }

  /** Says what the number is, how far it goes and what was trained on. */
  #name(number: NumberInfo, most: number): void {
    const { symbol, meaning, trained: range } = number;
    this.#stops = stopsUpTo(Math.min(MOST, most), leastOf(number));
    this.#slider.max = String(this.#stops.length - 1);
    const name = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)} ${symbol}`;
    setAttributes(this.#slider, {
      'aria-label': `${name} told to the agents`,
      title: '[ and ], by ten { and }',
    });
    setAttributes(this.#field.input, { 'aria-label': `${name}, exactly`, title: `${name} (T)` });
    this.#field.name(name, [leastOf(number), most]);
    const last = this.#stops.length - 1;
    const at = (number: number) => {
      const share =
        Math.max(
          0,
          this.#stops.findLastIndex((stop) => stop <= number),
        ) / last;
      return `calc(${THUMB / 2}px + ${share} * (100% - ${THUMB}px))`;
    };
    this.root.style.setProperty('--trained-from', at(range[0]));
    this.root.style.setProperty('--trained-to', at(range[1]));
    setText(this.#trained, `trained on ${range[0]}–${range[1]}`);
  }
}
