import { paneContents } from '../panels/panes.ts';
import type { Pictures } from '../pictures.ts';
import { type State, spanOf } from '../state.ts';
import type { Store } from '../store.ts';
import { toGif, toPng } from './encode-image.ts';
import { composePicture } from './episode-picture.ts';
import { toReplay } from './replay-file.ts';

/** Saves what is on screen to files. */
export class FileSaver {
  readonly #store: Store<State>;
  readonly #pictures: Pictures;
  #busy = false;

  constructor(store: Store<State>, pictures: Pictures) {
    this.#store = store;
    this.#pictures = pictures;
  }

  /** The whole episode, one frame per moment. */
  async saveGif(): Promise<void> {
    const { state } = this.#store;
    const { episode, branch, own } = state;
    if (this.#busy || episode === null) return;
    if ([episode, branch, own].some((one) => one !== null && !one.whole)) {
      this.#store.update({ notice: 'The episode is not over yet. Save it when it ends.' });
      return;
    }
    this.#busy = true;
    this.#store.update({ notice: 'Creating the GIF…' });
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

  /** Every player's actions, for `timegrid watch` to play again. */
  saveReplay(): void {
    if (this.#store.state.replay !== null) {
      // A new file would record what the world does now as if it had been recorded then.
      this.#store.update({ notice: 'This is a replay already. Share its own file.' });
      return;
    }
    const replay = toReplay(this.#store.state);
    if (replay === null) {
      this.#store.update({ notice: 'The episode is still loading. Try again in a moment.' });
      return;
    }
    const text = `${JSON.stringify(replay, null, 1)}\n`;
    save(new Blob([text], { type: 'application/json' }), this.#name('json'));
  }

  #compose(state: State) {
    return composePicture(paneContents({ ...state, theme: 'light' }), this.#pictures, state.path);
  }

  #name(ending: string): string {
    const { agents, world, episode, branch, moment } = this.#store.state;
    const { number, others = {}, seed } = episode!.key;
    const parts = [...agents.map(({ name }) => name.replaceAll(/[^\w-]+/g, '-'))];
    // `t16`, and `t2-16` where the symbol itself ends in a digit.
    const named = (symbol: string, value: number) =>
      `${symbol}${/\d$/.test(symbol) ? '-' : ''}${value}`;
    const symbol = world?.number?.symbol ?? '';
    if (number !== null) parts.push(named(symbol, number));
    for (const { option, symbol } of world?.otherNumbers ?? [])
      if (option in others) parts.push(named(symbol, others[option]!));
    parts.push(`episode${seed}`);
    const change = branch?.key.branch;
    if (change) parts.push(`branch${change.at}`, named(symbol, change.number));
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
