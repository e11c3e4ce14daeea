import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element } from '../dom.ts';
import { type Track, thoughtAt } from '../episode.ts';
import type { Pictures } from '../pictures.ts';
import type { State } from '../state.ts';
import { frameBlock } from './block.ts';
import type { Thought } from './thought.ts';

/** Exactly the pixels that the agent sees. */
export class Observed implements Thought {
  readonly #canvas = element('canvas', { class: 'pixels', role: 'img' });
  readonly #pictures: Pictures;
  readonly #frame = frameBlock('observed', 'Sees', this.#canvas);
  readonly root = this.#frame.root;
  #shown: number | undefined;

  constructor(pictures: Pictures) {
    this.#pictures = pictures;
  }

  show(track: Track | undefined, _: AgentInfo, { moment }: State): void {
    const number = track && thoughtAt(track, moment)?.observed;
    if (number === this.#shown) return;
    const image = number === undefined ? undefined : this.#pictures.get(number);
    if (image === undefined) return;
    this.#shown = number;
    const { width, height, rgba } = image;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#canvas.getContext('2d')!.putImageData(new ImageData(rgba, width, height), 0, 0);
    this.#frame.say(`${width} × ${height}`);
    this.#canvas.setAttribute('aria-label', `The ${width} × ${height} pixels that the agent sees`);
  }
}
