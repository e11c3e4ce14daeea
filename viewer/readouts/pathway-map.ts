import { signedColour, THEMES } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { OVERFLOWED, stepAt, type Track } from '../episode.ts';
import { formatNumber } from '../format-number.ts';
import { LastSeen } from '../last-seen.ts';
import { SizedCanvas } from '../sized-canvas.ts';
import type { State } from '../state.ts';
import { TrackFold } from '../track-fold.ts';
import { frameReadout, type Readout, wordings } from './readout.ts';
import { drawHistogram } from './weight-histogram.ts';
import { saturatedShare } from './weight-sizes.ts';

type Nac = NonNullable<AgentInfo['nac']>;
type Outputs = readonly (number | null)[];

const ABOUT = { title: 'Pathway', short: 'Pathway', explanation: '' };
const ABOUT_NAC =
  'A neural accumulator (NAC) adds and subtracts its inputs. It does so exactly if its weights are −1, 0 or 1. (Other cells ' +
  'multiply, with exponents for weights.) From top to bottom: its outputs at this step, on one scale for the whole episode; its ' +
  'weights, one row per input';

const plot = (name: string) =>
  new SizedCanvas(element('canvas', { class: `plot ${name}`, role: 'img' }));

/**
 * The agent's pathway: what it is, and the numbers that it computes at this moment, as bars. Of a neural accumulator also its
 * weights from −1 to 1, and how close those are to −1, 0 and 1.
 */
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
  readonly #drawn = new LastSeen();
  /** How many outputs there are, and the greatest. */
  #counted = -1;
  #greatest = greatestOutput(0);

  show(track: Track | undefined, agent: AgentInfo, state: State, colour: string): void {
    const { nac, pathwayLabel, pathwaySummary } = agent;
    const { moment, theme } = state;
    const label = pathwayLabel ?? ABOUT.title;
    this.#frame.showTitle(label, /\((.+)\)$/.exec(label)?.[1] ?? label);
    const ofNac =
      nac && `${ABOUT_NAC} (${listed(nac.inputs)}); how many weights there are of each size.`;
    const about = [pathwaySummary ?? 'How the number reaches the LSTM.', ofNac];
    this.#frame.explain(about.filter(Boolean).join(' '));
    const isKnown = agent.pathway !== null || agent.checkpoint !== null;
    setText(this.#none, isKnown ? (pathwaySummary ?? '') : 'Not known before training begins.');
    for (const drawn of [this.#weights.canvas, this.#histogram.canvas, this.#caption])
      drawn.hidden = nac === null;
    this.#none.hidden = nac !== null;
    const given = (track && stepAt(track, moment)?.pathway) ?? [];
    // Without an accumulator, these are the numbers that the pathway carries from step to step.
    const count = nac?.outputs ?? given.length;
    const outputs = given.slice(0, count);
    this.#outputs.canvas.hidden = count === 0;
    if (this.#counted !== count) this.#greatest = greatestOutput(count);
    this.#counted = count;
    const most = track ? this.#greatest.of(track) : 1;
    const summary = summarise(outputs, given.slice(count), most);
    this.#frame.showValue(summary, summary.replace('outputs ', ''));
    const values = outputs.map((output) => (output === null ? OVERFLOWED : formatNumber(output)));
    setAttributes(this.#outputs.canvas, { 'aria-label': `Outputs: ${values.join(', ')}` });
    this.#outputs.draw((context, width, height) => {
      const [column, middle] = [width / count, height / 2];
      context.fillStyle = THEMES[theme].edge;
      context.fillRect(0, middle - 0.5, width, 1);
      context.fillStyle = colour;
      outputs.forEach((output, index) => {
        const length = ((output ?? 0) / most) * (middle - 1);
        const top = middle - Math.max(0, length);
        context.fillRect(index * column + 0.5, top, column - 1, Math.abs(length));
      });
    });
    if (this.#drawn.differs(nac, theme, colour) && nac !== null)
      this.#drawWeights(nac, state, colour);
  }

  #drawWeights({ inputs, outputs, weights }: Nac, { theme }: State, colour: string): void {
    this.#weights.draw((context, width, height) => {
      const [column, row] = [width / outputs, height / inputs.length];
      weights.forEach((weight, index) => {
        context.fillStyle = signedColour(weight, theme, colour);
        const [across, down] = [index % outputs, Math.floor(index / outputs)];
        context.fillRect(across * column, down * row, column - 0.5, Math.max(0.5, row - 0.5));
      });
    });
    this.#histogram.draw((context, width, height) =>
      drawHistogram(context, { width, height }, weights, theme, colour),
    );
    const share = `${Math.round(saturatedShare(weights) * 100)} %`;
    this.#caption.replaceChildren(
      ...wordings(`${share} of weights near −1, 0, 1`, `${share}\u00a0whole`),
    );
    const label = (canvas: HTMLCanvasElement, text: string) =>
      setAttributes(canvas, { 'aria-label': text });
    label(this.#weights.canvas, `Weights of ${inputs.join(', ')}, one row per input, from −1 to 1`);
    label(
      this.#histogram.canvas,
      `How many weights there are of each size from −1 to 1: ${share} are within 0.05 of −1, 0 or 1`,
    );
  }
}

/** The largest output of the whole episode so far, so that bars compare from step to step; at least 1. @param outputs how many */
const greatestOutput = (outputs: number) =>
  new TrackFold(1, (most, { pathway }) => {
    for (let index = 0; index < Math.min(outputs, pathway?.length ?? 0); index++)
      most = Math.max(most, Math.abs(pathway![index] ?? 0));
    return most;
  });

/** Names in a sentence; of many, those at either end. */
const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 3).join(', ')} … ${names.at(-1)}` : names.join(', ');

/** Counts that have room in a line. */
const MOST_COUNTS = 3;

/** The clock or the counts if there are any, otherwise how large the outputs get. */
function summarise(outputs: Outputs, clock: Outputs, most: number): string {
  if (outputs.some((output) => output === null)) return OVERFLOWED;
  if (clock.length > 0) {
    const counts = clock.map((unit) =>
      unit === null ? '…' : formatNumber(unit, unit % 1 === 0 ? 0 : 1),
    );
    const some = counts.length > MOST_COUNTS ? [...counts.slice(0, MOST_COUNTS), '…'] : counts;
    return `${counts.length > 1 ? 'counts' : 'clock'} ${some.join(', ')}`;
  }
  if (outputs.length === 0) return '';
  return `outputs ±${most < 10_000 ? most.toFixed(most < 10 ? 1 : 0) : most.toExponential(0)}`;
}
