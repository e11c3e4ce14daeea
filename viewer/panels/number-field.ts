import { element } from '../dom.ts';

export interface NumberFieldSettings {
  /** Somebody chose a whole number within the range. */
  onNumber(value: number): void;
  /** Somebody emptied the field. Without it, an empty field is invalid. */
  onEmpty?(): void;
  /** Somebody typed anything else; the field goes back to the current number. */
  onInvalid(notice: string): void;
}

/** A field for a whole number within a range. When left, it shows the current number. */
export class NumberField {
  readonly input = element('input', { type: 'number', step: 1 });
  #name = '';
  #range: readonly [number, number] = [0, 0];
  #value: number | null = null;

  constructor({ onNumber, onEmpty, onInvalid }: NumberFieldSettings) {
    this.input.addEventListener('change', () => {
      const { valueAsNumber, validity } = this.input;
      if (onEmpty && Number.isNaN(valueAsNumber) && !validity.badInput) {
        onEmpty();
        return;
      }
      const [least, most] = this.#range;
      if (Number.isInteger(valueAsNumber) && valueAsNumber >= least && valueAsNumber <= most) {
        onNumber(valueAsNumber);
        return;
      }
      this.#write();
      const range = `${least.toLocaleString('en')} to ${most.toLocaleString('en')}`;
      onInvalid(`${this.#name} must be a whole number from ${range}.`);
    });
    this.input.addEventListener('blur', () => this.#write());
  }

  /** @param name what the number is, to begin a sentence with */
  describe(name: string, range: readonly [number, number]): void {
    this.#name = name;
    this.#range = range;
    this.input.min = String(range[0]);
    this.input.max = String(range[1]);
  }

  /** Shows the current number, unless another one is being typed. @param value null: none */
  show(value: number | null): void {
    this.#value = value;
    if (document.activeElement !== this.input) this.#write();
  }

  /** Lets a number be typed over the one that is there. */
  type(): void {
    this.input.focus();
    this.input.select();
  }

  #write(): void {
    this.input.value = this.#value === null ? '' : String(this.#value);
  }
}
