import { signedColour, THEMES } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { stepAt, type Track } from '../episode.ts';
import { formatNumber } from '../format-number.ts';
import { SizedCanvas } from '../sized-canvas.ts';
import type { State } from '../state.ts';
import type { Readout } from './readout.ts';
import { frameReadout } from './readout-frame.ts';
import { saturatedShare } from './saturation.ts';
import { drawHistogram } from './weight-histogram.ts';

type Nac = NonNullable<AgentInfo['nac']>;
type Outputs = readonly (number | null)[];

const EXPLAINS =
  'A neural accumulator adds and subtracts its inputs by weights drawn towards −1, 0 and 1. From top to bottom: what it gives at this ' +
  'step, on one scale for the whole episode; its weights, an input a row; how many weights there are of each size.';

/** The neural accumulator: its outputs at this moment as bars, its weights from −1 to 1, and how near those are to −1, 0 and 1. */
export class PathwayMap implements Readout {
  readonly #outputs = new SizedCanvas(
    element('canvas', { class: 'plot outputs', role: 'img' }),
    () => this.#again(),
  );
  readonly #weights = this.#still('weights');
  readonly #spread = this.#still('spread');
  readonly #share = element('span');
  readonly #said = element(
    'p',
    { class: 'caption' },
    this.#share,
    element('span', { class: 'aside', text: ' at −1, 0 or 1' }),
    element('span', { class: 'instead', text: ' ±1, 0', 'aria-hidden': 'true' }),
  );
  readonly #none = element('p', { class: 'none' });
  readonly #frame = frameReadout(
    'pathway',
    'Accumulator (NAC)',
    EXPLAINS,
    ...[this.#outputs.canvas, this.#weights.canvas, this.#spread.canvas],
    ...[this.#said, this.#none],
  );
  readonly root = this.#frame.root;
  /** What the weights were last drawn from. */
  #drawn: readonly unknown[] = [];
  #again = () => {};

  show(
    track: Track | undefined,
    { nac, pathwaySummary }: AgentInfo,
    state: State,
    colour: string,
  ): void {
    for (const { canvas } of [this.#outputs, this.#weights, this.#spread]) canvas.hidden = !nac;
    this.#said.hidden = !nac;
    this.#none.hidden = nac !== null;
    setText(this.#none, `None. ${pathwaySummary ?? ''}`);
    this.#frame.showFigure('');
    if (nac === null) return;
    const { moment, theme } = state;
    const given = (track && stepAt(track, moment)?.pathway) ?? [];
    const outputs = given.slice(0, nac.outputs);
    const clock = given.slice(nac.outputs);
    const most = greatest(track, nac);
    this.#frame.showFigure(sayOutputs(outputs, clock, most));
    const values = outputs.map((output) => (output === null ? 'overflown' : formatNumber(output)));
    setAttributes(this.#outputs.canvas, { 'aria-label': `Outputs: ${values.join(', ')}` });
    this.#again = () => {
      this.#drawOutputs(outputs, most, nac.outputs, state, colour);
      if (this.#drawn[0] !== nac || this.#drawn[1] !== theme) this.#drawWeights(nac, state);
      this.#drawn = [nac, theme];
    };
    this.#again();
  }

  /** A canvas that is drawn anew only where its size or what it shows has changed. */
  #still(name: string): SizedCanvas {
    return new SizedCanvas(element('canvas', { class: `plot ${name}`, role: 'img' }), () => {
      this.#drawn = [];
      this.#again();
    });
  }

  #drawOutputs(
    outputs: Outputs,
    most: number,
    count: number,
    { theme }: State,
    colour: string,
  ): void {
    const context = this.#outputs.clear();
    const { width, height } = this.#outputs;
    const [column, middle] = [width / count, height / 2];
    context.fillStyle = THEMES[theme].edge;
    context.fillRect(0, middle - 0.5, width, 1);
    context.fillStyle = colour;
    outputs.forEach((output, index) => {
      if (output === null) return;
      const length = (output / most) * (middle - 1);
      const top = middle - Math.max(0, length);
      context.fillRect(index * column + 0.5, top, column - 1, Math.abs(length));
    });
  }

  #drawWeights({ inputs, outputs, weights }: Nac, { theme }: State): void {
    const context = this.#weights.clear();
    const [column, row] = [this.#weights.width / outputs, this.#weights.height / inputs.length];
    weights.forEach((weight, index) => {
      context.fillStyle = signedColour(weight, theme);
      const [across, down] = [index % outputs, Math.floor(index / outputs)];
      context.fillRect(across * column, down * row, column - 0.5, Math.max(0.5, row - 0.5));
    });
    drawHistogram(this.#spread, weights, theme);
    const share = `${Math.round(saturatedShare(weights) * 100)} %`;
    setText(this.#share, share);
    const says = `Weights of ${inputs.join(', ')}, an input a row, from −1 (orange) to 1 (blue)`;
    setAttributes(this.#weights.canvas, { title: says, 'aria-label': says });
    const spreads = `How many weights there are of each size from −1 to 1: ${share} are at −1, 0 or 1, to within 0.05`;
    setAttributes(this.#spread.canvas, { title: spreads, 'aria-label': spreads });
  }
}

/** The largest output of the whole episode so far, so that bars compare from step to step; at least 1. */
function greatest(track: Track | undefined, { outputs }: Nac): number {
  let most = 1;
  for (const { pathway } of track?.steps ?? []) {
    for (let index = 0; index < Math.min(outputs, pathway?.length ?? 0); index++)
      most = Math.max(most, Math.abs(pathway![index] ?? 0));
  }
  return most;
}

/** The clock where there is one, else how far the outputs go. */
function sayOutputs(outputs: Outputs, clock: Outputs, most: number): string {
  if (outputs.some((output) => output === null)) return 'overflown';
  if (clock.length > 0) {
    const counts = clock.map((unit) =>
      unit === null ? '…' : formatNumber(unit, unit % 1 === 0 ? 0 : 1),
    );
    return `clock ${counts.slice(0, 3).join(', ')}`;
  }
  if (outputs.length === 0) return '';
  return `outputs ±${most < 10_000 ? most.toFixed(most < 10 ? 1 : 0) : most.toExponential(0)}`;
}
