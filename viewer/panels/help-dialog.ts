import { element } from '../dom.ts';
import { keyName, type Shortcut } from '../shortcuts.ts';

/** The list of all keyboard shortcuts. */
export class HelpDialog {
  readonly #dialog = element('dialog', { class: 'help', 'aria-label': 'Keyboard shortcuts' });

  constructor(shortcuts: readonly Shortcut[]) {
    const close = element('button', { class: 'button', type: 'button', text: 'Close' });
    close.addEventListener('click', () => this.#dialog.close());
    const entries = shortcuts.map(({ keys, label }) => {
      const names = keys.map((key) => element('kbd', { text: keyName(key) }));
      return element('div', {}, element('dt', {}, ...names), element('dd', { text: label }));
    });
    const note = 'While you play: arrow keys move, space waits, Esc ends your play.';
    this.#dialog.append(
      element('header', {}, element('h2', { text: 'Keyboard shortcuts' }), close),
      element('dl', {}, ...entries),
      element('p', { text: note }),
    );
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
    document.body.append(this.#dialog);
  }

  toggle(): void {
    if (this.#dialog.open) this.#dialog.close();
    else this.#dialog.showModal();
  }
}
