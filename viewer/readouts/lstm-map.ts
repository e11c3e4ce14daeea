import { signedColour, type Theme } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, setAttributes } from '../dom.ts';
import { stepAt, type Track } from '../episode.ts';
import { SizedCanvas } from '../sized-canvas.ts';
import type { State } from '../state.ts';
import type { Readout } from './readout.ts';
import { frameReadout, signedScale } from './readout-frame.ts';

const EXPLAINS =
  'All that the agent carries from one step to the next: the outputs of its LSTM, a square a unit.';

/** The output of the LSTM, a square a unit, from −1 to 1. */
export class LstmMap implements Readout {
  readonly #sheet = new SizedCanvas(element('canvas', { class: 'plot', role: 'img' }), () =>
    this.#again(),
  );
  readonly #frame = frameReadout(
    'lstm',
    'Memory (LSTM)',
    EXPLAINS,
    this.#sheet.canvas,
    signedScale(),
  );
  readonly root = this.#frame.root;
  #again = () => {};

  show(track: Track | undefined, { lstm }: AgentInfo, { moment, theme }: State): void {
    const units = (track && stepAt(track, moment)?.lstm) ?? [];
    this.#frame.showFigure(lstm > 0 ? `${lstm} units` : '');
    const says = `Output of ${lstm} LSTM units, from −1 (orange) to 1 (blue)`;
    setAttributes(this.#sheet.canvas, { 'aria-label': says });
    this.#again = () => this.#draw(units, theme);
    this.#again();
  }

  #draw(units: readonly (number | null)[], theme: Theme): void {
    const context = this.#sheet.clear();
    const { width, height } = this.#sheet;
    if (units.length === 0 || height === 0) return;
    const columns = Math.ceil(Math.sqrt((units.length * width) / height));
    const rows = Math.ceil(units.length / columns);
    const [wide, high] = [width / columns, height / rows];
    units.forEach((unit, index) => {
      context.fillStyle = signedColour(unit ?? 0, theme);
      const [across, down] = [index % columns, Math.floor(index / columns)];
      context.fillRect(across * wide, down * high, wide - 0.5, high - 0.5);
    });
  }
}
