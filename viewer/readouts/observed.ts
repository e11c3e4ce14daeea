import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element } from '../dom.ts';
import { stepAt, type Track } from '../episode.ts';
import { fitWholePixels } from '../panels/pane-layout.ts';
import type { Pictures } from '../pictures.ts';
import type { State } from '../state.ts';
import type { Readout } from './readout.ts';
import { frameReadout } from './readout-frame.ts';

const EXPLAINS = 'Exactly the pixels that reach the agent, and all that it sees of the world.';

/** Exactly the pixels that the agent sees. */
export class Observed implements Readout {
  readonly #canvas = element('canvas', { class: 'pixels', role: 'img' });
  readonly #room = element('div', { class: 'plot room' }, this.#canvas);
  readonly #pictures: Pictures;
  readonly #frame = frameReadout('observed', 'Sees', EXPLAINS, this.#room);
  readonly root = this.#frame.root;
  #shown: number | undefined;
  #space = { width: 0, height: 0 };

  constructor(pictures: Pictures) {
    this.#pictures = pictures;
    new ResizeObserver(([entry]) => {
      this.#space = entry!.contentRect;
      this.#fit();
    }).observe(this.#room);
  }

  show(track: Track | undefined, _: AgentInfo, { moment }: State): void {
    const number = track && stepAt(track, moment)?.observed;
    if (number === this.#shown) return;
    const image = number === undefined ? undefined : this.#pictures.get(number);
    if (image === undefined) return;
    this.#shown = number;
    const { width, height, rgba } = image;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#canvas.getContext('2d')!.putImageData(new ImageData(rgba, width, height), 0, 0);
    this.#fit();
    this.#frame.showFigure(`${width} × ${height}`);
    this.#canvas.setAttribute('aria-label', `The ${width} × ${height} pixels that the agent sees`);
  }

  /** As large as there is room, in whole pixels of the screen. */
  #fit(): void {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = fitWholePixels(
      this.#canvas,
      this.#space.width,
      this.#space.height,
      ratio,
    );
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
  }
}
