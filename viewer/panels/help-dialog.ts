import { element } from '../dom.ts';
import { keyName, NUMBER, type Shortcut } from '../shortcuts.ts';

/** The list of all keyboard shortcuts. */
export class HelpDialog {
  readonly #dialog = element('dialog', { class: 'help', 'aria-label': 'Keyboard shortcuts' });

  readonly #list = element('dl');
  readonly #shortcuts: readonly Shortcut[];

  /** @param startStory shows what is on the page, step by step */
  constructor(shortcuts: readonly Shortcut[], startStory: () => void) {
    this.#shortcuts = shortcuts;
    const close = element('button', { class: 'button', type: 'button', text: 'Close' });
    close.addEventListener('click', () => this.#dialog.close());
    const story = element('button', {
      class: 'button main',
      type: 'button',
      text: 'Show me the page',
    });
    story.addEventListener('click', () => {
      this.#dialog.close();
      startStory();
    });
    const note = 'While you play: arrow keys move, space waits, Esc ends your play.';
    this.#dialog.append(
      element('header', {}, element('h2', { text: 'Keyboard shortcuts' }), story, close),
      this.#list,
      element('p', { text: note }),
    );
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
    document.body.append(this.#dialog);
  }

  /** @param number what the world calls its number */
  toggle(number = 'the number'): void {
    if (this.#dialog.open) {
      this.#dialog.close();
      return;
    }
    const entries = this.#shortcuts.map(({ keys, label }) => {
      const names = keys.map((key) => element('kbd', { text: keyName(key) }));
      const text = label.replace(NUMBER, number);
      return element('div', {}, element('dt', {}, ...names), element('dd', { text }));
    });
    this.#list.replaceChildren(...entries);
    this.#dialog.showModal();
  }
}
