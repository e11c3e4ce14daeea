import { setText } from '../dom.ts';
import type { State } from '../state.ts';

const SHOWN_FOR = 6000;

/** A sentence at the edge of the page: what went wrong, or that the server is gone. */
export class Notice {
  readonly root: HTMLElement;
  readonly #clear: () => void;
  #timer: number | undefined;
  #shown = '';

  constructor(root: HTMLElement, clear: () => void) {
    this.root = root;
    this.#clear = clear;
  }

  show({ notice, connection }: State): void {
    const lost = connection === 'lost' ? 'The server is gone; waiting for it to come back …' : '';
    const says = notice || lost;
    setText(this.root, says);
    this.root.hidden = says === '';
    if (notice === this.#shown) return;
    this.#shown = notice;
    window.clearTimeout(this.#timer);
    if (notice !== '') this.#timer = window.setTimeout(this.#clear, SHOWN_FOR);
  }
}
