import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element } from '../dom.ts';
import { stepAt, type Track } from '../episode.ts';
import { fitWholePixels } from '../panels/pane-layout.ts';
import type { Pictures } from '../pictures.ts';
import type { State } from '../state.ts';
import { frameReadout, type Readout } from './readout.ts';

const ABOUT = {
  title: 'What it sees',
  short: 'Sees',
  explanation: 'The exact pixels that reach the agent. It sees nothing else of the world.',
};

/** The exact pixels that the agent sees. */
export class Observed implements Readout {
  readonly #canvas = element('canvas', { class: 'pixels', role: 'img' });
  readonly #room = element('div', { class: 'plot' }, this.#canvas);
  readonly #pictures: Pictures;
  readonly #frame = frameReadout('observed', ABOUT, this.#room);
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
    const hash = track && stepAt(track, moment)?.observed;
    if (hash === this.#shown) return;
    const image = hash === undefined ? undefined : this.#pictures.get(hash);
    if (image === undefined) return;
    this.#shown = hash;
    const { width, height, rgba } = image;
    Object.assign(this.#canvas, { width, height });
    this.#canvas.getContext('2d')!.putImageData(new ImageData(rgba, width, height), 0, 0);
    this.#fit();
    this.#frame.showValue(`${width} × ${height}`);
    this.#canvas.setAttribute('aria-label', `The ${width} × ${height} pixels that the agent sees`);
  }

  /** As large as there is room for, in whole pixels of the screen. */
  #fit(): void {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = fitWholePixels(
      this.#canvas,
      this.#space.width,
      this.#space.height,
      ratio,
    );
    Object.assign(this.#canvas.style, { width: `${width}px`, height: `${height}px` });
  }
}
