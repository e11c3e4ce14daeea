import { signedColour } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, setAttributes } from '../dom.ts';
import { stepAt, type Track } from '../episode.ts';
import { SizedCanvas } from '../sized-canvas.ts';
import type { State } from '../state.ts';
import { frameReadout, type Readout } from './readout.ts';

const ABOUT = {
  title: 'Memory (LSTM)',
  short: 'Memory',
  explanation:
    'Everything the agent remembers from one step to the next: the outputs of its LSTM, one square per unit.',
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

  show(track: Track | undefined, { lstm }: AgentInfo, { moment, theme }: State): void {
    const units = (track && stepAt(track, moment)?.lstm) ?? [];
    this.#frame.showValue(lstm > 0 ? `${lstm} units` : '');
    const label = `Outputs of ${lstm} LSTM units, from −1 (orange) to 1 (blue)`;
    setAttributes(this.#sheet.canvas, { 'aria-label': label });
    this.#sheet.draw((context, width, height) => {
      if (units.length === 0 || height === 0) return;
      const columns = Math.ceil(Math.sqrt((units.length * width) / height));
      const [wide, high] = [width / columns, height / Math.ceil(units.length / columns)];
      units.forEach((unit, index) => {
        context.fillStyle = signedColour(unit ?? 0, theme);
        const [across, down] = [index % columns, Math.floor(index / columns)];
        context.fillRect(across * wide, down * high, wide - 0.5, high - 0.5);
      });
    });
  }
}
