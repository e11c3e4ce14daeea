import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, freshContext } from '../dom.ts';
import { type Track, thoughtAt } from '../episode.ts';
import { signedColour } from '../palette.ts';
import type { Thought } from '../panels/thoughts.ts';
import type { State } from '../state.ts';
import { frameBlock, groundOf } from './block.ts';

/** The output of the LSTM, a square a unit, from −1 to 1. */
export class LstmMap implements Thought {
  readonly #canvas = element('canvas', { class: 'plot', role: 'img' });
  readonly #frame = frameBlock('lstm', 'Memory', this.#canvas);
  readonly root = this.#frame.root;

  show(track: Track | undefined, { lstm }: AgentInfo, { moment, theme }: State): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const context = freshContext(this.#canvas, width, height);
    const units = (track && thoughtAt(track, moment)?.lstm) ?? [];
    this.#frame.say(lstm > 0 ? `${lstm} units` : '');
    this.#canvas.setAttribute(
      'aria-label',
      `Output of ${lstm} LSTM units, from −1 (orange) to 1 (blue)`,
    );
    if (units.length === 0 || height === 0) return;
    const columns = Math.ceil(Math.sqrt((units.length * width) / height));
    const rows = Math.ceil(units.length / columns);
    const [wide, high] = [width / columns, height / rows];
    const ground = groundOf(theme);
    units.forEach((unit, index) => {
      context.fillStyle = signedColour(unit, ground);
      const [across, down] = [index % columns, Math.floor(index / columns)];
      context.fillRect(across * wide, down * high, wide - 0.5, high - 0.5);
    });
  }
}
