import { paneContents } from '../panels/panes.ts';
import type { Pictures } from '../pictures.ts';
import { type State, spanOf } from '../state.ts';
import type { Store } from '../store.ts';
import { type AnimationOptions, toGif, toPng } from './encode-image.ts';
import { composePicture, type EpisodePicture } from './episode-picture.ts';
import { recordVideo, videoType } from './record-video.ts';
import { toReplay } from './replay-file.ts';
import { saveFile } from './save-file.ts';
import {
  type Animation,
  findProblem,
  rangeName,
  type StepRange,
  usualRange,
} from './step-range.ts';

/** Saves what is on screen to files. */
export class FileSaver {
  readonly #store: Store<State>;
  readonly #pictures: Pictures;

  constructor(store: Store<State>, pictures: Pictures) {
    this.#store = store;
    this.#pictures = pictures;
  }

  /** Some steps of the episode as an animation. @param range null: the whole of it, or its last steps where it is long */
  saveGif(range: StepRange | null): Promise<void> {
    return this.#saveAnimation('gif', range, 'gif', toGif);
  }

  /** The same as a video. */
  async saveVideo(range: StepRange | null): Promise<void> {
    const type = videoType();
    if (type === null) {
      this.#store.update({ notice: 'This browser cannot record videos. Save a GIF instead.' });
      return;
    }
    const ending = type.startsWith('video/mp4') ? 'mp4' : 'webm';
    await this.#saveAnimation('video', range, ending, (picture, options) =>
      recordVideo(picture, options, type),
    );
  }

  async #saveAnimation(
    kind: Animation,
    chosen: StepRange | null,
    ending: string,
    make: (picture: EpisodePicture, options: AnimationOptions) => Promise<Blob | null>,
  ): Promise<void> {
    const { state } = this.#store;
    const { episode, branch, own } = state;
    if (state.saving !== null || episode === null) return;
    if ([episode, branch, own].some((one) => one !== null && !one.whole)) {
      this.#store.update({
        notice: 'The episode has not arrived whole. Go to its end, then save.',
      });
      return;
    }
    const length = spanOf(state);
    const range = chosen ?? usualRange(length);
    const problem = findProblem(range, length, kind);
    if (problem !== '') {
      this.#store.update({ notice: problem });
      return;
    }
    const abort = new AbortController();
    const steps = rangeName(range, length) === '' ? '' : ` of steps ${range.from} to ${range.to}`;
    const text = kind === 'gif' ? `Making a GIF${steps}` : `Recording a video${steps}`;
    const onShare = (share: number) =>
      this.#store.update({ saving: { text, share, stop: () => abort.abort() } });
    onShare(0);
    const name = this.#name(ending, rangeName(range, length));
    try {
      const blob = await make(this.#compose(state), { ...range, onShare, stop: abort.signal });
      if (blob !== null) saveFile(blob, name);
    } finally {
      this.#store.update({ saving: null });
    }
  }

  /** The moment on screen. */
  async savePng(): Promise<void> {
    const { state } = this.#store;
    if (state.episode === null) return;
    saveFile(await toPng(this.#compose(state), state.moment), this.#name('png'));
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
      this.#store.update({
        notice: 'The episode has not arrived whole. Go to its end, then save.',
      });
      return;
    }
    const text = `${JSON.stringify(replay, null, 1)}\n`;
    saveFile(new Blob([text], { type: 'application/json' }), this.#name('json'));
  }

  #compose(state: State) {
    return composePicture(paneContents({ ...state, theme: 'light' }), this.#pictures, state.path);
  }

  #name(ending: string, steps = ''): string {
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
    if (steps !== '') parts.push(steps);
    return `${parts.join('-')}.${ending}`;
  }
}
