import { element } from '../dom.ts';
import { nameKey, type Shortcut } from '../shortcuts.ts';

/** The list of all shortcuts, over the page. */
export class HelpDialog {
  readonly #dialog: HTMLDialogElement;
  readonly #shortcuts: () => readonly Shortcut[];

  constructor(shortcuts: () => readonly Shortcut[]) {
    this.#dialog = element('dialog', { class: 'help', 'aria-label': 'Keyboard shortcuts' });
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
    document.body.append(this.#dialog);
    this.#shortcuts = shortcuts;
  }

  toggle(): void {
    if (this.#dialog.open) {
      this.#dialog.close();
      return;
    }
    if (this.#dialog.childElementCount === 0) this.#fill(this.#shortcuts());
    this.#dialog.showModal();
  }

  #fill(shortcuts: readonly Shortcut[]): void {
    const close = element('button', { class: 'button', type: 'button', text: 'Close' });
    close.addEventListener('click', () => this.#dialog.close());
    const list = element('dl', {});
    for (const { keys, label } of shortcuts) {
      const named = element('dt', {}, ...keys.map((key) => element('kbd', { text: nameKey(key) })));
      list.append(element('div', {}, named, element('dd', { text: label })));
    }
    const note = element('p', {
      text: 'While you play: arrow keys move, space waits, Esc ends it.',
    });
    this.#dialog.replaceChildren(element('h2', { text: 'Keyboard' }), list, note, close);
  }
}
