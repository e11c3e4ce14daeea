import { paneContents } from '../panels/panes.ts';
import type { Pictures } from '../pictures.ts';
import { type State, spanOf } from '../state.ts';
import type { Store } from '../store.ts';
import { toGif, toPng } from './encode-image.ts';
import { compose } from './episode-picture.ts';
import { toReplay } from './replay-file.ts';

/** Saves what is on screen as files. */
export class FileSaver {
  readonly #store: Store<State>;
  readonly #pictures: Pictures;
  #busy = false;

  constructor(store: Store<State>, pictures: Pictures) {
    this.#store = store;
    this.#pictures = pictures;
  }

  /** The whole episode, every moment a frame. */
  async saveGif(): Promise<void> {
    const { state } = this.#store;
    const { episode, branch, own } = state;
    if (this.#busy || episode === null) return;
    if ([episode, branch, own].some((one) => one !== null && !one.whole)) {
      this.#store.update({ notice: 'The episode is not over yet; save it when it is.' });
      return;
    }
    this.#busy = true;
    this.#store.update({ notice: 'Making the GIF …' });
    try {
      save(await toGif(this.#compose(state), spanOf(state) + 1), this.#name('gif'));
    } finally {
      this.#busy = false;
      this.#store.update({ notice: '' });
    }
  }

  /** The moment on screen. */
  async savePng(): Promise<void> {
    const { state } = this.#store;
    if (state.episode === null) return;
    save(await toPng(this.#compose(state), state.moment), this.#name('png'));
  }

  /** Who did what, for `timegrid watch` to play again. */
  saveReplay(): void {
    if (this.#store.state.replay !== null) {
      // A new file would vouch for what the world made of this one.
      this.#store.update({ notice: 'This is a replay: its own file is the one to pass on.' });
      return;
    }
    const replay = toReplay(this.#store.state);
    if (replay === null) {
      this.#store.update({
        notice: 'The episode has not come in whole yet; try again in a moment.',
      });
      return;
    }
    const text = `${JSON.stringify(replay, null, 1)}\n`;
    save(new Blob([text], { type: 'application/json' }), this.#name('json'));
  }

  #compose(state: State) {
    return compose(paneContents({ ...state, theme: 'light' }), this.#pictures, state.path);
  }

  #name(ending: string): string {
    const { agents, world, episode, branch, moment } = this.#store.state;
    const { number, seed } = episode!.key;
    const parts = [...agents.map(({ name }) => name.replaceAll(/[^\w-]+/g, '-'))];
    const symbol = world?.number?.symbol;
    if (number !== null) parts.push(`${symbol}${number}`);
    parts.push(`episode${seed}`);
    const told = branch?.key.branch;
    if (told) parts.push(`branch${told.at}`, `${symbol}${told.number}`);
    if (ending === 'png') parts.push(`step${moment}`);
    return `${parts.join('-')}.${ending}`;
  }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
