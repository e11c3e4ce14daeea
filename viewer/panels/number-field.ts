import { element } from '../dom.ts';

export interface NumberFieldSettings {
  /** Somebody chose a whole number within the range. */
  onNumber(value: number): void;
  /** Somebody typed anything else; the field goes back to what it was. */
  onInvalid(says: string): void;
}

/** A field for a whole number of some range, which always ends up with the number that holds. */
export class NumberField {
  readonly input = element('input', { type: 'number', step: 1 });
  #name = '';
  #range: readonly [number, number] = [0, 0];
  #value: number | null = null;

  constructor({ onNumber, onInvalid }: NumberFieldSettings) {
    this.input.addEventListener('change', () => {
      const { valueAsNumber } = this.input;
      const [least, most] = this.#range;
      if (Number.isInteger(valueAsNumber) && valueAsNumber >= least && valueAsNumber <= most) {
        onNumber(valueAsNumber);
        return;
      }
      this.#write();
      const to = `${least.toLocaleString('en')} to ${most.toLocaleString('en')}`;
      onInvalid(`${this.#name} is a whole number from ${to}.`);
    });
    this.input.addEventListener('blur', () => this.#write());
  }

  /** @param name what the number is, as a sentence begins */
  name(name: string, range: readonly [number, number]): void {
    this.#name = name;
    this.#range = range;
    this.input.min = String(range[0]);
    this.input.max = String(range[1]);
  }

  /** Shows the number that holds, unless another one is being typed. */
  show(value: number): void {
    this.#value = value;
    if (document.activeElement !== this.input) this.#write();
  }

  /** Lets a number be typed instead of the one that is there. */
  type(): void {
    this.input.focus();
    this.input.select();
  }

  #write(): void {
    if (this.#value !== null) this.input.value = String(this.#value);
  }
}
