import { signedColour, THEMES } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, setAttributes } from '../dom.ts';
import { OVERFLOWED, stepAt, type Track } from '../episode.ts';
import { SizedCanvas } from '../sized-canvas.ts';
import type { State } from '../state.ts';
import { frameReadout, type Readout } from './readout.ts';

const ABOUT = {
  title: 'Memory (LSTM)',
  short: 'Memory',
  explanation:
    'What the agent carries from one step to the next: the outputs of its LSTM, one square per unit. The agent’s own colour means 1, black (or white, in the dark) means −1, and pale means 0. A crossed square has overflowed.',
};

/** The output of the LSTM, one square per unit, from −1 to 1. */
export class LstmMap implements Readout {
  readonly #sheet = new SizedCanvas(element('canvas', { class: 'plot', role: 'img' }));
  readonly #scale = element(
    'p',
    { class: 'scale', 'aria-hidden': 'true' },
    element('span', { text: '−1' }),
    element('i'),
    element('span', { text: '1' }),
  );
  readonly #frame = frameReadout('lstm', ABOUT, this.#sheet.canvas, this.#scale);
  readonly root = this.#frame.root;

  show(
    track: Track | undefined,
    { lstm }: AgentInfo,
    { moment, theme }: State,
    colour: string,
  ): void {
    const units = (track && stepAt(track, moment)?.lstm) ?? [];
    const isWhole = units.every((unit) => unit !== null);
    this.#frame.showValue(isWhole ? (lstm > 0 ? `${lstm} units` : '') : OVERFLOWED);
    const label = `Outputs of ${lstm} LSTM units, from −1 to 1`;
    setAttributes(this.#sheet.canvas, { 'aria-label': label });
    this.#sheet.draw((context, width, height) => {
      if (units.length === 0 || height === 0) return;
      const columns = Math.ceil(Math.sqrt((units.length * width) / height));
      const [wide, high] = [width / columns, height / Math.ceil(units.length / columns)];
      units.forEach((unit, index) => {
        context.fillStyle = signedColour(unit ?? 0, theme, colour);
        const [across, down] = [index % columns, Math.floor(index / columns)];
        const [x, y] = [across * wide, down * high];
        context.fillRect(x, y, wide - 0.5, high - 0.5);
        if (unit !== null) return;
        context.strokeStyle = THEMES[theme].ink;
        context.beginPath();
        context.moveTo(x, y);
        context.lineTo(x + wide, y + high);
        context.moveTo(x + wide, y);
        context.lineTo(x, y + high);
        context.stroke();
      });
    });
  }
}
