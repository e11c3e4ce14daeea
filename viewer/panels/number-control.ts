import type { NumberInfo } from '../../src/watch/protocol.ts';
import type { Commands } from '../commands.ts';
import { element, label, setAttributes, setText } from '../dom.ts';
import { leastNumber, stopsUpTo } from '../number-stops.ts';
import { branchOf, type State } from '../state.ts';
import { NumberField } from './number-field.ts';

const THUMB = 16;

/** The world's main number: a slider that goes far beyond the training range, which is marked on it, and a field for any other. */
export class NumberControl {
  readonly root: HTMLElement;
  readonly #slider = element('input', { type: 'range', min: 0, step: 1 });
  readonly #field: NumberField;
  readonly #caption = element('span', { class: 'caption' });
  readonly #trained = element('span', { class: 'trained' });
  readonly #beyond = element('span', { class: 'beyond', text: 'beyond training →' });
  #stops: readonly number[] = [];

  constructor(commands: Commands) {
    this.#field = new NumberField({
      onNumber: (number) => commands.setNumber(number),
      onInvalid: (notice) => commands.notify(notice),
    });
    const slide = element('div', { class: 'slide' }, this.#slider, this.#trained, this.#beyond);
    this.root = element(
      'div',
      { class: 'number', role: 'group', 'aria-label': 'Number' },
      this.#caption,
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
    const { world, limits, replay } = state;
    this.root.classList.toggle('none', !world?.number);
    if (!world?.number || limits === null) return;
    const { symbol, meaning, countsSteps } = world.number;
    if (this.#stops.length === 0) this.#describe(world.number, limits.number);
    this.#slider.disabled = replay !== null;
    this.#field.input.disabled = replay !== null;
    const branch = branchOf(state);
    const isOnly = !world.otherNumbers?.length;
    const caption = countsSteps && isOnly ? 'arrive at step' : `${meaning}, ${symbol} =`;
    setText(this.#caption, branch === null ? caption : `from step ${branch.at}, ${symbol} =`);
    this.root.classList.toggle('branching', branch !== null);
    const number = branch === null ? state.number : branch.number;
    if (number === null) return;
    this.#field.show(number);
    this.#slider.value = String(this.#stops.findLastIndex((stop) => stop <= number));
    setAttributes(this.#slider, { 'aria-valuetext': `${symbol} = ${number}` });
  }

  /** Says what the number means, how far it goes and what the agents were trained on. */
  #describe(number: NumberInfo, most: number): void {
    const { symbol, meaning, trained } = number;
    this.#stops = stopsUpTo(most, [leastNumber(number), trained[1]]);
    const last = this.#stops.length - 1;
    this.#slider.max = String(last);
    const name = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)} ${symbol}`;
    setAttributes(this.#slider, { 'aria-label': name, title: `${name} ([ and ], by ten { and })` });
    label(this.#field.input, `${name}, exact value (T)`);
    this.#field.describe(name, [leastNumber(number), most]);
    const at = (number: number) => {
      const stop = this.#stops.findLastIndex((one) => one <= number);
      return `calc(${THUMB / 2}px + ${Math.max(0, stop) / last} * (100% - ${THUMB}px))`;
    };
    this.root.style.setProperty('--trained-from', at(trained[0]));
    this.root.style.setProperty('--trained-to', at(trained[1]));
    setText(this.#trained, `trained on ${trained[0]}–${trained[1]}`);
  }
}
