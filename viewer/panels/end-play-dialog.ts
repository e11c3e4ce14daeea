import type { Commands } from '../commands.ts';
import { element, setText } from '../dom.ts';
import type { State } from '../state.ts';
import type { Store } from '../store.ts';

/** Asks before somebody's play is ended by what they chose. */
export class EndPlayDialog {
  readonly #dialog = element('dialog', { class: 'dialog', 'aria-labelledby': 'end-play' });

  constructor(store: Store<State>, commands: Commands) {
    const lost = element('p');
    const answer = (text: string, value: string) =>
      element('button', { class: 'button', value, text });
    const keep = answer('Keep playing', 'keep');
    keep.autofocus = true;
    this.#dialog.append(
      element('h2', { id: 'end-play', text: 'End your play?' }),
      lost,
      element('form', { method: 'dialog' }, keep, answer('End it', 'end')),
    );
    this.#dialog.addEventListener('close', () =>
      commands.confirmEnd(this.#dialog.returnValue === 'end'),
    );
    document.body.append(this.#dialog);
    store.watch(
      ({ endingPlay }) => [endingPlay],
      ([endingPlay]) => {
        if (endingPlay === null || this.#dialog.open) return;
        const moves = store.state.own?.length ?? 0;
        setText(lost, `Your ${moves === 1 ? 'move' : `${moves} moves`} will be lost.`);
        this.#dialog.returnValue = '';
        this.#dialog.showModal();
      },
    );
  }
}
