import { THEMES } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import type { Commands } from '../commands.ts';
import { element, onDrag } from '../dom.ts';
import { OVERFLOWED, returnsOf, type Track } from '../episode.ts';
import { formatNumber } from '../format-number.ts';
import { SizedCanvas } from '../sized-canvas.ts';
import { type State, spanOf } from '../state.ts';
import { frameReadout, type Readout } from './readout.ts';

const ABOUT = {
  title: 'Expected reward',
  short: 'Expected',
  explanation:
    'The reward that the agent expects from here on (solid line), and the reward that it actually got (dotted line). A reward counts a little less for every step that it is away.',
};

/** What the agent expected at each moment, and the return that followed. Its cursor is the moment on screen. */
export class ValueLine implements Readout {
  readonly #sheet = new SizedCanvas(element('canvas', { class: 'plot' }));
  readonly #frame = frameReadout('value', ABOUT, this.#sheet.canvas);
  readonly root = this.#frame.root;
  #span = 1;

  constructor(commands: Commands) {
    onDrag(this.#sheet.canvas, (x) =>
      commands.goTo(Math.round((x / this.#sheet.width) * this.#span)),
    );
  }

  show(track: Track | undefined, { discount }: AgentInfo, state: State, colour: string): void {
    const { moment, theme, world } = state;
    this.#span = spanOf(state);
    // An overflowed value leaves a gap.
    const values = track?.steps.map(({ value }) => value ?? Number.NaN) ?? [];
    const returns = track?.ending ? returnsOf(track, discount) : null;
    const at = Math.min(moment, values.length - 1);
    const [expected, actual] = [values, returns].map(
      (all) => all && at >= 0 && formatNumber(all[at]!),
    );
    if (!expected) this.#frame.showValue('');
    else if (Number.isNaN(values[at])) this.#frame.showValue(OVERFLOWED, 'overflowed');
    else if (!actual) this.#frame.showValue(expected);
    else
      this.#frame.showValue(
        `${expected}, actual ${actual}`,
        [values, returns].map((all) => short(all![at]!)).join(' / '),
      );
    this.#sheet.draw((context, width, height) => {
      if (values.length === 0) return;
      const { line, quiet, ink } = THEMES[theme];
      const known = values.filter((value) => !Number.isNaN(value));
      const all = [0, world?.number?.maxReward ?? 1, ...known, ...(returns ?? [])];
      const [least, most] = [Math.min(...all), Math.max(...all)];
      const x = (step: number) => (step / this.#span) * (width - 2) + 1;
      const y = (value: number) => height - 2 - ((value - least) / (most - least)) * (height - 4);
      const trace = (heights: ArrayLike<number>) => {
        context.beginPath();
        let isDown = false;
        for (let step = 0; step < heights.length; step++) {
          const height = heights[step]!;
          if (isDown) context.lineTo(x(step), y(height));
          else context.moveTo(x(step), y(height));
          isDown = !Number.isNaN(height);
        }
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
      if (Number.isNaN(values[at])) return;
      context.fillStyle = colour;
      context.beginPath();
      context.arc(x(at), y(values[at]!), 3, 0, 2 * Math.PI);
      context.fill();
    });
  }
}

/** From ten on a decimal takes more room than it is worth. */
const short = (reward: number): string => formatNumber(reward, Math.abs(reward) < 9.95 ? 1 : 0);
