import type { AgentInfo } from '../../src/watch/protocol.ts';
import type { Actions } from '../actions.ts';
import { element, freshContext } from '../dom.ts';
import { returnsOf, type Track } from '../episode.ts';
import type { Thought } from '../panels/thoughts.ts';
import { type State, spanOf } from '../state.ts';
import { colour, frameBlock } from './block.ts';

/** What the agent expected at each moment, and the return that really followed. Its cursor is the moment on screen. */
export class ValueLine implements Thought {
  readonly #canvas = element('canvas', { class: 'plot' });
  readonly #frame = frameBlock('value', 'Value', this.#canvas);
  readonly root = this.#frame.root;
  #span = 1;

  constructor(actions: Actions) {
    const goTo = ({ offsetX, buttons, type }: PointerEvent) => {
      if (buttons === 0 && type !== 'pointerdown') return;
      actions.goTo(Math.round((offsetX / this.#canvas.clientWidth) * this.#span));
    };
    this.#canvas.addEventListener('pointerdown', goTo);
    this.#canvas.addEventListener('pointermove', goTo);
  }

  show(track: Track | undefined, { discount }: AgentInfo, state: State): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const context = freshContext(this.#canvas, width, height);
    if (track === undefined || track.steps.length === 0) return;
    const { moment, world } = state;
    this.#span = spanOf(state);
    const values = track.steps.map(({ value }) => value ?? 0);
    const returns = track.ending === null ? null : returnsOf(track, discount);
    const at = Math.min(moment, track.steps.length - 1);
    const came = returns === null ? '' : `, came ${returns[at]!.toFixed(1)}`;
    this.#frame.say(`${values[at]!.toFixed(1)}${came}`);

    const least = Math.min(0, ...values, ...(returns ?? []));
    const most = Math.max(world?.maxReward ?? 1, ...values, ...(returns ?? []));
    const x = (step: number) => (step / this.#span) * (width - 2) + 1;
    const y = (value: number) => height - 2 - ((value - least) / (most - least)) * (height - 4);
    const line = (of: ArrayLike<number>) => {
      context.beginPath();
      for (let step = 0; step < of.length; step++) context.lineTo(x(step), y(of[step]!));
      context.stroke();
    };
    context.strokeStyle = colour(this.#canvas, '--line');
    context.strokeRect(0.5, 0.5, width - 1, height - 1);
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    if (returns !== null) {
      context.strokeStyle = colour(this.#canvas, '--quiet');
      context.setLineDash([2, 3]);
      line(returns);
      context.setLineDash([]);
    }
    context.strokeStyle = colour(this.#canvas, '--agent');
    line(values);
    context.strokeStyle = colour(this.#canvas, '--ink');
    context.globalAlpha = 0.35;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x(moment), 0);
    context.lineTo(x(moment), height);
    context.stroke();
    context.globalAlpha = 1;
    context.fillStyle = colour(this.#canvas, '--agent');
    context.beginPath();
    context.arc(x(at), y(values[at]!), 3, 0, 2 * Math.PI);
    context.fill();
  }
}
