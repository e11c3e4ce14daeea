import { THEMES, VERDICT_COLOURS } from '../../src/render/palette.ts';
import { signsOf } from '../action-signs.ts';
import { verdictOf } from '../episode.ts';
import { LastSeen } from '../last-seen.ts';
import type { State } from '../state.ts';
import { FONT } from '../theme.ts';
import type { PaneContent } from './pane-view.ts';

/** Height of a lane in CSS pixels. */
export const LANE = 15;
const LEAST_FOR_SIGNS = 11;
/** Opacity of what is still to come. */
const FAINT = 0.75;

/** Where the lanes are on a canvas, in CSS pixels, and which steps they show. */
export interface Places {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly cell: number;
  /** The step at the left end, and how many have room. */
  readonly first: number;
  readonly count: number;
}

/** What each player does at each step, one lane per player. Drawn once and kept: from moment to moment only its opacity changes. */
export class ActionLanes {
  readonly #kept = document.createElement('canvas');
  readonly #drawn = new LastSeen();
  /** Steps of each lane that are drawn. */
  #counts: readonly number[] = [];

  draw(
    context: CanvasRenderingContext2D,
    contents: readonly PaneContent[],
    state: State,
    places: Places,
  ): void {
    const { left, top, width, cell, first, count } = places;
    const { moment } = state;
    this.#keep(contents, state, places);
    const { height } = this.#kept;
    const now = left + Math.max(0, moment - first) * cell;
    const ratio = this.#kept.width / width;
    const copy = (from: number, to: number, alpha: number) => {
      if (to <= from || height === 0) return;
      context.globalAlpha = alpha;
      const size = [to - from, height / ratio] as const;
      context.drawImage(this.#kept, from * ratio, 0, size[0] * ratio, height, from, top, ...size);
    };
    copy(0, Math.min(now, width), 1);
    copy(now, width, FAINT);
    context.globalAlpha = 1;
    contents.forEach((content, lane) => {
      const steps = content.track?.steps.length ?? 0;
      if (steps < first || steps > first + count) return;
      drawEnd(context, content, state, left + (steps - first) * cell, top + (lane + 0.5) * LANE);
    });
  }

  /** Draws all steps, or only those that are new if nothing else has changed. */
  #keep(contents: readonly PaneContent[], { world, theme }: State, places: Places): void {
    const { left, width, cell, first } = places;
    const end = first + places.count;
    const ratio = window.devicePixelRatio || 1;
    const counts = contents.map(({ track }) => track?.steps.length ?? 0);
    const lanes = contents.flatMap(({ title, track }) => [title, track]);
    const differs = this.#drawn.differs(world, theme, ratio, width, left, cell, first, ...lanes);
    const isNew =
      differs || counts.some((count, lane) => Math.max(first, count) < this.#counts[lane]!);
    const context = this.#kept.getContext('2d')!;
    if (isNew) {
      this.#counts = counts.map(() => first);
      this.#kept.width = Math.round(width * ratio);
      this.#kept.height = Math.round(contents.length * LANE * ratio);
      context.scale(this.#kept.width / width, ratio);
      context.font = `12px ${FONT}`;
      context.textBaseline = 'middle';
    }
    const names = world?.actions ?? [];
    const signs = signsOf(names);
    contents.forEach((content, lane) => {
      const y = (lane + 0.5) * LANE;
      context.fillStyle = content.ink;
      if (isNew) {
        context.textAlign = 'left';
        context.fillText(shortened(context, nameOf(content), left - 8), 0, y);
        context.textAlign = 'center';
      }
      for (let step = this.#counts[lane]!; step < Math.min(counts[lane]!, end); step++) {
        const { action } = content.track!.steps[step]!;
        const x = left + (step - first) * cell;
        if (cell >= LEAST_FOR_SIGNS) {
          context.fillText(signs[action] ?? '', x + cell / 2, y);
          continue;
        }
        const high = names[action] === 'pass' ? 2 : LANE - 6;
        context.fillRect(x + cell * 0.12, y - high / 2, Math.max(0.6, cell * 0.76), high);
      }
    });
    this.#counts = counts.map((count) => Math.max(first, count));
  }
}

/** A branch stands below its original and is named after its number. */
function nameOf({ title, tag }: PaneContent): string {
  return tag === '' ? title : `↳ ${tag}`;
}

/** Marks an arrival. */
function drawEnd(
  context: CanvasRenderingContext2D,
  { track, episode }: PaneContent,
  { moment, theme }: State,
  x: number,
  y: number,
): void {
  const verdict = track && episode && verdictOf(episode, track);
  if (!verdict || verdict.kind === 'never' || verdict.kind === 'over') return;
  context.fillStyle = THEMES[theme][`${VERDICT_COLOURS[verdict.kind]}-bright`];
  context.globalAlpha = moment >= track.steps.length ? 1 : FAINT;
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = 1;
}

function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let short = text;
  while (short.length > 1 && context.measureText(`${short}…`).width > room)
    short = short.slice(0, -1);
  return `${short}…`;
}
