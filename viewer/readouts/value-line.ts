import { THEMES } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import type { Commands } from '../commands.ts';
import { element } from '../dom.ts';
import { returnsOf, type Track } from '../episode.ts';
import { formatNumber } from '../format-number.ts';
import { SizedCanvas } from '../sized-canvas.ts';
import { type State, spanOf } from '../state.ts';
import type { Readout } from './readout.ts';
import { frameReadout } from './readout-frame.ts';

const EXPLAINS =
  'The reward that the agent expects from here on, its value (line), and what really came (dots). A reward some steps ahead counts a little less.';

/** What the agent expected at each moment, and the return that really followed. Its cursor is the moment on screen. */
export class ValueLine implements Readout {
  readonly #sheet = new SizedCanvas(element('canvas', { class: 'plot' }), () => this.#again());
  readonly #frame = frameReadout('value', 'Reward ahead', EXPLAINS, this.#sheet.canvas);
  readonly root = this.#frame.root;
  #span = 1;
  #again = () => {};

  constructor(commands: Commands) {
    const goTo = ({ offsetX, buttons, type }: PointerEvent) => {
      if (buttons === 0 && type !== 'pointerdown') return;
      commands.goTo(Math.round((offsetX / this.#sheet.width) * this.#span));
    };
    this.#sheet.canvas.addEventListener('pointerdown', goTo);
    this.#sheet.canvas.addEventListener('pointermove', goTo);
  }

  show(track: Track | undefined, { discount }: AgentInfo, state: State, colour: string): void {
    this.#span = spanOf(state);
    const values = track?.steps.map(({ value }) => value ?? 0) ?? [];
    const returns =
      track === undefined || track.ending === null ? null : returnsOf(track, discount);
    const at = Math.min(state.moment, values.length - 1);
    const came = returns === null || at < 0 ? '' : `, got ${short(returns[at]!)}`;
    this.#frame.showFigure(at < 0 ? '' : `${short(values[at]!)}${came}`);
    this.#again = () => this.#draw(values, returns, state, colour);
    this.#again();
  }

  #draw(
    values: readonly number[],
    returns: Float64Array | null,
    { moment, theme, world }: State,
    colour: string,
  ): void {
    const context = this.#sheet.clear();
    if (values.length === 0) return;
    const { width, height } = this.#sheet;
    const { line, quiet, ink } = THEMES[theme];
    const [least, most] = extent(values, returns ?? [], [0, world?.number?.maxReward ?? 1]);
    const x = (step: number) => (step / this.#span) * (width - 2) + 1;
    const y = (value: number) => height - 2 - ((value - least) / (most - least)) * (height - 4);
    const trace = (of: ArrayLike<number>) => {
      context.beginPath();
      for (let step = 0; step < of.length; step++) context.lineTo(x(step), y(of[step]!));
      context.stroke();
    };
    context.strokeStyle = line;
    context.strokeRect(0.5, 0.5, width - 1, height - 1);
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    if (returns !== null) {
      context.strokeStyle = quiet;
      context.setLineDash([2, 3]);
      trace(returns);
      context.setLineDash([]);
    }
    context.strokeStyle = colour;
    trace(values);
    context.fillStyle = ink;
    context.globalAlpha = 0.35;
    context.fillRect(x(moment) - 0.5, 0, 1, height);
    context.globalAlpha = 1;
    context.fillStyle = colour;
    const at = Math.min(moment, values.length - 1);
    context.beginPath();
    context.arc(x(at), y(values[at]!), 3, 0, 2 * Math.PI);
    context.fill();
  }
}

/** From ten on a fraction tells nothing. */
const short = (reward: number): string => formatNumber(reward, Math.abs(reward) < 9.95 ? 1 : 0);

/** The least and the greatest of all. */
function extent(...all: ArrayLike<number>[]): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of all) {
    for (let index = 0; index < values.length; index++) {
      least = Math.min(least, values[index]!);
      most = Math.max(most, values[index]!);
    }
  }
  return [least, most];
}
