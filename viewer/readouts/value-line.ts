import { THEMES } from '../../src/render/palette.ts';
import type { AgentInfo } from '../../src/watch/protocol.ts';
import type { Commands } from '../commands.ts';
import { element, onDrag } from '../dom.ts';
import { OVERFLOWED, returnsOf, type Track } from '../episode.ts';
import { formatNumber } from '../format-number.ts';
import { LastSeen } from '../last-seen.ts';
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
  /** The lines are drawn once and kept: from moment to moment only the cursor moves. */
  readonly #kept = document.createElement('canvas');
  readonly #drawn = new LastSeen();
  readonly #ended = new LastSeen();
  #returns: Float64Array | null = null;
  #scale: readonly [least: number, most: number] = [0, 1];
  #span = 1;

  constructor(commands: Commands) {
    onDrag(this.#sheet.canvas, (x) =>
      commands.goTo(Math.round((x / this.#sheet.width) * this.#span)),
    );
  }

  show(track: Track | undefined, { discount }: AgentInfo, state: State, colour: string): void {
    const { moment, theme } = state;
    this.#span = spanOf(state);
    if (this.#ended.differs(track, track?.ending))
      this.#returns = track?.ending ? returnsOf(track, discount) : null;
    const at = Math.min(moment, (track?.steps.length ?? 0) - 1);
    // An overflowed value leaves a gap.
    const value = track?.steps[at]?.value ?? Number.NaN;
    const actual = this.#returns?.[at];
    if (at < 0) this.#frame.showValue('');
    else if (Number.isNaN(value)) this.#frame.showValue(OVERFLOWED);
    else if (actual === undefined) this.#frame.showValue(formatNumber(value));
    else
      this.#frame.showValue(
        `${formatNumber(value)}, actual ${formatNumber(actual)}`,
        `${short(value)} / ${short(actual)}`,
      );
    this.#sheet.draw((context, width, height) => {
      if (track === undefined || at < 0) return;
      this.#keep(track, state, colour, [width, height]);
      const { width: wide, height: high } = this.#kept;
      if (wide * high > 0) context.drawImage(this.#kept, 0, 0, wide, high, 0, 0, width, height);
      context.fillStyle = THEMES[theme].ink;
      context.globalAlpha = 0.35;
      context.fillRect(across(moment, this.#span, width) - 0.5, 0, 1, height);
      context.globalAlpha = 1;
      if (Number.isNaN(value)) return;
      context.fillStyle = colour;
      context.beginPath();
      const y = down(value, this.#scale, height);
      context.arc(across(at, this.#span, width), y, 3, 0, 2 * Math.PI);
      context.fill();
    });
  }

  /** Draws the lines, if anything about them has changed. */
  #keep(
    { steps }: Track,
    { theme, world }: State,
    colour: string,
    [width, height]: readonly [number, number],
  ): void {
    const ratio = window.devicePixelRatio || 1;
    const [returns, span] = [this.#returns, this.#span];
    const size = [width, height, ratio];
    if (!this.#drawn.differs(steps, steps.length, returns, span, theme, colour, world, ...size))
      return;
    this.#kept.width = Math.round(width * ratio);
    this.#kept.height = Math.round(height * ratio);
    const context = this.#kept.getContext('2d')!;
    context.scale(ratio, ratio);
    const values = Float64Array.from(steps, ({ value }) => value ?? Number.NaN);
    let [least, most] = [0, world?.number?.maxReward ?? 1];
    for (const heights of [values, returns ?? []]) {
      for (const one of heights)
        if (!Number.isNaN(one)) [least, most] = [Math.min(least, one), Math.max(most, one)];
    }
    this.#scale = [least, most];
    const x = (step: number) => across(step, span, width);
    const y = (value: number) => down(value, this.#scale, height);
    const { line, quiet } = THEMES[theme];
    context.strokeStyle = line;
    context.strokeRect(0.5, 0.5, width - 1, height - 1);
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    if (returns !== null) {
      context.strokeStyle = quiet;
      context.setLineDash([2, 3]);
      trace(context, returns, x, y);
      context.setLineDash([]);
    }
    context.strokeStyle = colour;
    trace(context, values, x, y);
  }
}

/** Where a step and a value are on the canvas. */
const across = (step: number, span: number, width: number) => (step / span) * (width - 2) + 1;
const down = (value: number, [least, most]: readonly [number, number], height: number) =>
  height - 2 - ((value - least) / (most - least)) * (height - 4);

/** Draws a line through values, of many in one column of pixels the least and the greatest. NaN leaves a gap. */
function trace(
  context: CanvasRenderingContext2D,
  values: Float64Array,
  x: (step: number) => number,
  y: (value: number) => number,
): void {
  context.beginPath();
  let isDown = false;
  for (let step = 0; step < values.length; ) {
    const [from, column] = [step, Math.floor(x(step))];
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (; step < values.length && Math.floor(x(step)) === column; step++) {
      if (Number.isNaN(values[step])) continue;
      least = Math.min(least, values[step]!);
      most = Math.max(most, values[step]!);
    }
    const isGap = least > most;
    if (!isGap && isDown) context.lineTo(x(from), y(least));
    else if (!isGap) context.moveTo(x(from), y(least));
    if (least < most) context.lineTo(x(step - 1), y(most));
    isDown = !isGap;
  }
  context.stroke();
}

/** From ten on a decimal takes more room than it is worth. */
const short = (reward: number): string => formatNumber(reward, Math.abs(reward) < 9.95 ? 1 : 0);
