import type { OtherNumberInfo } from '../../src/watch/protocol.ts';
import type { Commands } from '../commands.ts';
import { element, label } from '../dom.ts';
import type { State } from '../state.ts';
import { NumberField } from './number-field.ts';

/** A field for each number besides the main one. An empty field shows, faintly, what the world draws; a number in it is fixed. */
export class OtherNumbers {
  readonly root = element('div', {
    class: 'group',
    role: 'group',
    'aria-label': 'Other numbers',
    hidden: true,
  });
  readonly #commands: Commands;
  #numbers: readonly OtherNumberInfo[] = [];
  #fields: readonly NumberField[] = [];

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  show({ world, limits, others, replay, episode }: State): void {
    const numbers = world?.otherNumbers ?? [];
    if (numbers !== this.#numbers && limits !== null) this.#fill(numbers, limits.number);
    this.#fields.forEach((field, index) => {
      const number = this.#numbers[index]!;
      field.input.disabled = replay !== null;
      field.input.placeholder = String(episode?.valueOf(number) ?? '');
      field.show(others[number.option] ?? null);
    });
  }

  #fill(numbers: readonly OtherNumberInfo[], most: number): void {
    this.#numbers = numbers;
    this.root.hidden = numbers.length === 0;
    this.#fields = numbers.map(({ option }) => {
      return new NumberField({
        onNumber: (value) => this.#commands.setOther(option, value),
        onEmpty: () => this.#commands.setOther(option, null),
        onInvalid: (notice) => this.#commands.notify(notice),
      });
    });
    this.root.replaceChildren(
      ...this.#fields.map((field, index) => {
        const { symbol, meaning, trained } = numbers[index]!;
        const name = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)} ${symbol}`;
        field.describe(name, [0, most]);
        label(field.input, `${name} (leave empty for a random one from ${trained.join(' to ')})`);
        const text = element('span', { text: `${symbol} =` });
        return element('label', { class: 'field named' }, text, field.input);
      }),
    );
  }
}
