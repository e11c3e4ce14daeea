import { setText } from '../dom.ts';
import type { State } from '../state.ts';

const SHOWN_FOR = 6000;

/** A sentence at the top of the page: what went wrong, or that the connection is lost. */
export class Notice {
  readonly root: HTMLElement;
  readonly #clear: () => void;
  #timer: number | undefined;
  #shown = '';

  constructor(root: HTMLElement, clear: () => void) {
    this.root = root;
    this.#clear = clear;
  }

  show({ notice, connection, lostBecause }: State): void {
    const lost = connection === 'lost' ? lostBecause || 'Connection lost. Reconnecting…' : '';
    const text = notice || lost;
    setText(this.root, text);
    this.root.hidden = text === '';
    if (notice === this.#shown) return;
    this.#shown = notice;
    window.clearTimeout(this.#timer);
    if (notice !== '') this.#timer = window.setTimeout(this.#clear, SHOWN_FOR);
  }
}
