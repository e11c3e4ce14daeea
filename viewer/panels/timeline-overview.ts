import { THEMES, type Theme } from '../../src/render/palette.ts';
import type { TimelineWindow } from './timeline-window.ts';

/** Height of the overview, with the space above it, in CSS pixels. */
export const OVERVIEW = 20;
const BAR = 6;
const LEAST_WINDOW = 6;

/** What the overview shows of an episode. */
interface Overview {
  readonly span: number;
  readonly moment: number;
  readonly window: TimelineWindow;
  /** The range of training, where the world's number counts steps. */
  readonly trained: readonly [number, number] | null;
  /** The steps to arrive at. */
  readonly due: readonly number[];
  /** Where agents first differ, and where a branch begins. */
  readonly signs: readonly number[];
}

/** The whole of a long episode in one bar: the part that the lanes show, and what is worth going to. */
export function drawOverview(
  context: CanvasRenderingContext2D,
  place: { readonly left: number; readonly top: number; readonly width: number },
  { span, moment, window, trained, due, signs }: Overview,
  theme: Theme,
): void {
  const { left, width } = place;
  const colours = THEMES[theme];
  const top = place.top + (OVERVIEW - BAR) / 2;
  const x = (step: number) => left + (Math.min(step, span) / span) * width;
  const mark = (step: number, from: number, to: number) =>
    context.fillRect(x(step) - 1, from, 2, to - from);

  context.fillStyle = colours.track;
  context.beginPath();
  context.roundRect(left, top, width, BAR, BAR / 2);
  context.fill();
  if (trained !== null) {
    context.fillStyle = colours.shade;
    context.fillRect(x(trained[0]), top, Math.max(1, x(trained[1]) - x(trained[0])), BAR);
  }
  context.fillStyle = colours.quiet;
  for (const step of signs) mark(step, top, top + BAR);
  context.fillStyle = colours.good;
  for (const step of due) if (step <= span) mark(step, top - 2, top + BAR + 2);

  const wide = Math.max(LEAST_WINDOW, x(window.first + window.count) - x(window.first));
  const from = Math.min(x(window.first), left + width - wide);
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(from, top - 4, wide, BAR + 8, 3);
  context.stroke();
  context.fillStyle = colours.ink;
  mark(moment, top - 1, top + BAR + 1);
}
