import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, freshContext } from '../dom.ts';
import { type Track, thoughtAt } from '../episode.ts';
import { signedColour } from '../palette.ts';
import type { Thought } from '../panels/thoughts.ts';
import type { State } from '../state.ts';
import { colour, frameBlock, groundOf } from './block.ts';

const OUTPUTS = 0.4;

/** The neural accumulator: its outputs at this moment as bars, and its weights from −1 to 1 below, an input a row. */
export class PathwayMap implements Thought {
  readonly #canvas = element('canvas', { class: 'plot' });
  readonly #none = element('p', {
    class: 'none',
    text: 'None: t goes straight to the LSTM.',
  });
  readonly #frame = frameBlock('pathway', 'Accumulator', this.#canvas, this.#none);
  readonly root = this.#frame.root;

  show(track: Track | undefined, { nac }: AgentInfo, { moment, theme }: State): void {
    this.#none.hidden = nac !== null;
    this.#canvas.hidden = nac === null;
    this.#frame.say('');
    if (nac === null) return;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const context = freshContext(this.#canvas, width, height);
    const outputs = (track && thoughtAt(track, moment)?.pathway) ?? [];
    const column = width / nac.outputs;
    const ground = groundOf(theme);

    const most = Math.max(1, ...outputs.map(Math.abs));
    const middle = (height * OUTPUTS) / 2;
    context.fillStyle = colour(this.#canvas, '--agent');
    outputs.forEach((output, index) => {
      const length = (output / most) * (middle - 2);
      context.fillRect(
        index * column + 0.5,
        middle - Math.max(0, length),
        column - 1,
        Math.abs(length),
      );
    });
    context.fillStyle = colour(this.#canvas, '--line');
    context.fillRect(0, middle, width, 1);

    const rows = nac.inputs.length;
    const top = height * OUTPUTS + 2;
    const row = (height - top) / rows;
    for (let input = 0; input < rows; input++) {
      for (let output = 0; output < nac.outputs; output++) {
        context.fillStyle = signedColour(nac.weights[input * nac.outputs + output] ?? 0, ground);
        context.fillRect(
          output * column,
          top + input * row,
          column - 0.5,
          Math.max(0.5, row - 0.5),
        );
      }
    }
    const saturated = nac.weights.filter((weight) => Math.abs(weight) > 0.95).length;
    this.#frame.say(`±${most.toFixed(most < 10 ? 1 : 0)}`);
    const share = Math.round((saturated / nac.weights.length) * 100);
    this.#canvas.title = `Above: ${nac.outputs} outputs. Below: weights of ${nac.inputs.join(', ')}, from −1 (orange) to 1 (blue); ${share} % are beyond ±0.95.`;
    this.#canvas.setAttribute('aria-label', this.#canvas.title);
    this.#canvas.setAttribute('role', 'img');
  }
}
