import { describeKeys } from '../action-signs.ts';
import { element, setText } from '../dom.ts';
import { keyName, NUMBER, type Shortcut } from '../shortcuts.ts';

/** The list of all keyboard shortcuts. */
export class HelpDialog {
  readonly #dialog = element('dialog', { class: 'help', 'aria-label': 'Keyboard shortcuts' });

  readonly #list = element('dl');
  readonly #note = element('p');
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
    this.#dialog.append(
      element('header', {}, element('h2', { text: 'Keyboard shortcuts' }), story, close),
      this.#list,
      this.#note,
    );
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
    document.body.append(this.#dialog);
  }

  /** @param number what the world calls its number @param actions their names */
  toggle(number = 'the number', actions: readonly string[] = []): void {
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
    setText(this.#note, `While you play: ${describeKeys(actions)} your play.`);
    this.#dialog.showModal();
  }
}
