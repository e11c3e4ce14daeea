import { signedColour, THEMES } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { stepAt, type Track } from '../episode.ts';
import { formatNumber } from '../format-number.ts';
import { SizedCanvas } from '../sized-canvas.ts';
import type { State } from '../state.ts';
import { frameReadout, type Readout, wordings } from './readout.ts';
import { drawHistogram } from './weight-histogram.ts';
import { saturatedShare } from './weight-sizes.ts';

type Nac = NonNullable<AgentInfo['nac']>;
type Outputs = readonly (number | null)[];

const ABOUT = {
  title: 'Accumulator (NAC)',
  short: 'NAC',
  explanation:
    'A neural accumulator adds and subtracts its inputs, with weights that training pulls towards −1, 0 and 1. From top to bottom: its ' +
    'outputs at this step, on one scale for the whole episode; its weights, one row per input; how many weights there are of each size.',
};

const plot = (name: string) =>
  new SizedCanvas(element('canvas', { class: `plot ${name}`, role: 'img' }));

/** The neural accumulator: its outputs at this moment as bars, its weights from −1 to 1, and how close those are to −1, 0 and 1. */
export class PathwayMap implements Readout {
  readonly #outputs = plot('outputs');
  readonly #weights = plot('weights');
  readonly #histogram = plot('histogram');
  readonly #caption = element('p', { class: 'caption' });
  readonly #none = element('p', { class: 'none' });
  readonly #frame = frameReadout(
    'pathway',
    ABOUT,
    ...[this.#outputs.canvas, this.#weights.canvas, this.#histogram.canvas],
    ...[this.#caption, this.#none],
  );
  readonly root = this.#frame.root;
  /** What the weights were last drawn from. */
  #drawn: readonly unknown[] = [];

  show(track: Track | undefined, agent: AgentInfo, state: State, colour: string): void {
    const { nac, pathwaySummary } = agent;
    const { moment, theme } = state;
    for (const { canvas } of [this.#outputs, this.#weights, this.#histogram]) canvas.hidden = !nac;
    this.#caption.hidden = !nac;
    this.#none.hidden = nac !== null;
    if (nac === null) {
      setText(this.#none, pathwaySummary ?? '');
      setAttributes(this.root, { title: pathwaySummary ?? undefined });
      this.#frame.showValue('none');
      return;
    }
    const given = (track && stepAt(track, moment)?.pathway) ?? [];
    const outputs = given.slice(0, nac.outputs);
    const most = greatestOutput(track, nac);
    const summary = summarise(outputs, given.slice(nac.outputs), most);
    this.#frame.showValue(summary, summary.replace('outputs ', ''));
    const values = outputs.map((output) => (output === null ? 'overflow' : formatNumber(output)));
    setAttributes(this.#outputs.canvas, { 'aria-label': `Outputs: ${values.join(', ')}` });
    this.#outputs.draw((context, width, height) => {
      const [column, middle] = [width / nac.outputs, height / 2];
      context.fillStyle = THEMES[theme].edge;
      context.fillRect(0, middle - 0.5, width, 1);
      context.fillStyle = colour;
      outputs.forEach((output, index) => {
        const length = ((output ?? 0) / most) * (middle - 1);
        const top = middle - Math.max(0, length);
        context.fillRect(index * column + 0.5, top, column - 1, Math.abs(length));
      });
    });
    if (this.#drawn[0] === nac && this.#drawn[1] === theme) return;
    this.#drawn = [nac, theme];
    this.#drawWeights(nac, state);
  }

  #drawWeights({ inputs, outputs, weights }: Nac, { theme }: State): void {
    this.#weights.draw((context, width, height) => {
      const [column, row] = [width / outputs, height / inputs.length];
      weights.forEach((weight, index) => {
        context.fillStyle = signedColour(weight, theme);
        const [across, down] = [index % outputs, Math.floor(index / outputs)];
        context.fillRect(across * column, down * row, column - 0.5, Math.max(0.5, row - 0.5));
      });
    });
    this.#histogram.draw((context, width, height) =>
      drawHistogram(context, { width, height }, weights, theme),
    );
    const share = `${Math.round(saturatedShare(weights) * 100)}%`;
    this.#caption.replaceChildren(...wordings(`${share} at −1, 0 or 1`, `${share} ±1, 0`));
    const label = (canvas: HTMLCanvasElement, text: string) =>
      setAttributes(canvas, { title: text, 'aria-label': text });
    label(
      this.#weights.canvas,
      `Weights of ${inputs.join(', ')}, one row per input, from −1 (orange) to 1 (blue)`,
    );
    label(
      this.#histogram.canvas,
      `How many weights there are of each size from −1 to 1: ${share} are at −1, 0 or 1, to within 0.05`,
    );
  }
}

/** The largest output of the whole episode so far, so that bars compare from step to step; at least 1. */
function greatestOutput(track: Track | undefined, { outputs }: Nac): number {
  let most = 1;
  for (const { pathway } of track?.steps ?? []) {
    for (let index = 0; index < Math.min(outputs, pathway?.length ?? 0); index++)
      most = Math.max(most, Math.abs(pathway![index] ?? 0));
  }
  return most;
}

/** The clock if there is one, otherwise how large the outputs get. */
function summarise(outputs: Outputs, clock: Outputs, most: number): string {
  if (outputs.some((output) => output === null)) return 'overflow';
  if (clock.length > 0) {
    const counts = clock.map((unit) =>
      unit === null ? '…' : formatNumber(unit, unit % 1 === 0 ? 0 : 1),
    );
    return `clock ${counts.slice(0, 3).join(', ')}`;
  }
  if (outputs.length === 0) return '';
  return `outputs ±${most < 10_000 ? most.toFixed(most < 10 ? 1 : 0) : most.toExponential(0)}`;
}
