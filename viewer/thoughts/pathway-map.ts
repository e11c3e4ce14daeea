import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { type Track, thoughtAt } from '../episode.ts';
import { inksOf } from '../inks.ts';
import { signedColour } from '../palette.ts';
import { Sheet } from '../sheet.ts';
import type { State } from '../state.ts';
import { frameBlock, groundOf } from './block.ts';
import type { Thought } from './thought.ts';

/** A weight so near to −1 or 1 has saturated. */
const SATURATED = 0.95;

/** The neural accumulator: its outputs at this moment as bars, and its weights from −1 to 1 below, an input a row. */
export class PathwayMap implements Thought {
  readonly #outputs = new Sheet(element('canvas', { class: 'plot outputs' }), () => this.#again());
  readonly #weights = new Sheet(element('canvas', { class: 'plot weights', role: 'img' }), () => {
    this.#drawn = [];
    this.#again();
  });
  readonly #none = element('p', { class: 'none' });
  readonly #frame = frameBlock(
    'pathway',
    'Accumulator',
    this.#outputs.canvas,
    this.#weights.canvas,
    this.#none,
  );
  readonly root = this.#frame.root;
  /** What the weights were last drawn from. */
  #drawn: readonly unknown[] = [];
  #again = () => {};

  show(track: Track | undefined, { nac }: AgentInfo, state: State, colour: string): void {
    this.#none.hidden = nac !== null;
    const told = state.world?.number?.symbol;
    setText(this.#none, told ? `None: ${told} goes straight to the LSTM.` : 'None.');
    this.#outputs.canvas.hidden = nac === null;
    this.#weights.canvas.hidden = nac === null;
    this.#frame.say('');
    if (nac === null) return;
    const { moment, theme } = state;
    const outputs = (track && thoughtAt(track, moment)?.pathway) ?? [];
    const most = outputs.reduce<number>((so, output) => Math.max(so, Math.abs(output ?? 0)), 1);
    const overflown = outputs.some((output) => output === null);
    this.#frame.say(
      overflown
        ? 'overflown'
        : `±${most < 10_000 ? most.toFixed(most < 10 ? 1 : 0) : most.toExponential(0)}`,
    );
    this.#again = () => {
      this.#drawOutputs(outputs, most, nac.outputs, state, colour);
      if (this.#drawn[0] !== nac || this.#drawn[1] !== theme) this.#drawWeights(nac, state);
      this.#drawn = [nac, theme];
    };
    this.#again();
  }

  #drawOutputs(
    outputs: readonly (number | null)[],
    most: number,
    count: number,
    { theme }: State,
    colour: string,
  ): void {
    const context = this.#outputs.clear();
    const { width, height } = this.#outputs;
    const [column, middle] = [width / count, height / 2];
    context.fillStyle = colour;
    outputs.forEach((output, index) => {
      if (output === null) return;
      const length = (output / most) * (middle - 1);
      context.fillRect(
        index * column + 0.5,
        middle - Math.max(0, length),
        column - 1,
        Math.abs(length),
      );
    });
    context.fillStyle = inksOf(theme).line;
    context.fillRect(0, middle, width, 1);
  }

  #drawWeights(
    { inputs, outputs, weights }: NonNullable<AgentInfo['nac']>,
    { theme }: State,
  ): void {
    const context = this.#weights.clear();
    const [column, row] = [this.#weights.width / outputs, this.#weights.height / inputs.length];
    const ground = groundOf(theme);
    weights.forEach((weight, index) => {
      context.fillStyle = signedColour(weight, ground);
      const [across, down] = [index % outputs, Math.floor(index / outputs)];
      context.fillRect(across * column, down * row, column - 0.5, Math.max(0.5, row - 0.5));
    });
    const saturated = weights.filter((weight) => Math.abs(weight) > SATURATED).length;
    const share = Math.round((saturated / weights.length) * 100);
    const says = `Weights of ${inputs.join(', ')}, an input a row, from −1 (orange) to 1 (blue); ${share} % are beyond ±${SATURATED}.`;
    setAttributes(this.#weights.canvas, { title: says, 'aria-label': says });
  }
}
