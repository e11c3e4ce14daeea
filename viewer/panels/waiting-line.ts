import type { Commands } from '../commands.ts';
import { arriving } from '../destination.ts';
import { element, setText } from '../dom.ts';
import type { State } from '../state.ts';

const COUNT = new Intl.NumberFormat('en');

/** What the page is waiting for, how far that is, and a button that stops it. */
export class WaitingLine {
  readonly root: HTMLElement;
  readonly #text = element('span');
  readonly #bar = element('progress', { 'aria-hidden': 'true' });

  constructor(commands: Commands) {
    const stop = element('button', { class: 'button', type: 'button', text: 'Stop' });
    stop.addEventListener('click', () => commands.stop());
    this.root = element('div', { class: 'waiting', hidden: true }, this.#text, this.#bar, stop);
  }

  show(state: State): void {
    const { saving, going } = state;
    this.root.hidden = saving === null && going === null;
    if (saving !== null) {
      setText(this.#text, saving.text);
      this.#bar.value = saving.share;
    } else if (going !== null) {
      const { arrived, expected } = arriving(going, state);
      const target =
        'moment' in going ? `Going to step ${COUNT.format(going.moment)}` : 'Going to the end';
      const about =
        'moment' in going || expected === null ? '' : ` of about ${COUNT.format(expected)}`;
      setText(this.#text, `${target}: step ${COUNT.format(arrived)}${about}`);
      this.#bar.value = expected === null ? 0 : Math.min(1, arrived / expected);
    }
  }
}
