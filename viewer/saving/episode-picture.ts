import { THEMES, VERDICT_COLOURS } from '../../src/render/palette.ts';
import { isOver, pictureAt, positionAt, verdictOf, verdictText } from '../episode.ts';
import type { PaneContent } from '../panels/pane-view.ts';
import { LONGEST_PATH } from '../panels/panes.ts';
import type { Pictures } from '../pictures.ts';
import { FONT } from '../theme.ts';

/** In CSS pixels: a saved picture looks the same on every screen. */
const SIDE = 280;
const GAP = 16;
const HEAD = 66;
const COLOURS = THEMES.light;

export interface EpisodePicture {
  readonly width: number;
  readonly height: number;
  /** Draws a moment: every pane with its clock, its world, its path and its verdict. */
  draw(context: CanvasRenderingContext2D, moment: number): void;
}

/** Lays the panes out side by side. */
export function composePicture(
  contents: readonly PaneContent[],
  pictures: Pictures,
  path: boolean,
): EpisodePicture {
  const width = contents.length * (SIDE + GAP) + GAP;
  const height = HEAD + SIDE + GAP;
  const worlds = document.createElement('canvas');
  return {
    width,
    height,
    draw(context, moment) {
      context.fillStyle = COLOURS.surface;
      context.fillRect(0, 0, width, height);
      contents.forEach((content, column) => {
        const left = GAP + column * (SIDE + GAP);
        drawHead(context, content, moment, left);
        drawWorld(context, content, moment, left, worlds, pictures, path);
      });
    },
  };
}

function drawHead(
  context: CanvasRenderingContext2D,
  { title, colour, episode, track }: PaneContent,
  moment: number,
  left: number,
): void {
  if (episode === null || track === undefined) return;
  const steps = Math.min(moment, track.steps.length);
  const due = episode.dueAt(steps);
  const verdict = isOver(track, moment) ? verdictOf(episode, track) : null;
  const [x, y, radius] = [left + 25, HEAD / 2, 20];
  const ring = (from: number, to: number, ink: string) => {
    context.beginPath();
    context.arc(x, y, radius, (from - 0.25) * 2 * Math.PI, (to - 0.25) * 2 * Math.PI);
    context.strokeStyle = ink;
    context.stroke();
  };
  context.lineWidth = 6;
  context.lineCap = 'butt';
  ring(0, 1, COLOURS.track);
  if (due !== null) {
    ring(0, Math.min(1, steps / due), verdict?.kind === 'exact' ? COLOURS.good : colour);
    if (steps > due) ring(0, Math.min(1, steps / due - 1), COLOURS['off-bright']);
  }
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = COLOURS.ink;
  context.font = `600 14px ${FONT}`;
  context.fillText(String(steps), x, y + 1);
  context.textAlign = 'left';
  context.fillStyle = colour;
  context.fillText(title, left + 58, y - 11);
  context.fillStyle = verdict === null ? COLOURS.quiet : COLOURS[VERDICT_COLOURS[verdict.kind]];
  context.font = `${verdict === null ? 400 : 700} 15px ${FONT}`;
  const going = due === null ? `step ${steps}` : `step ${steps} of ${due}`;
  context.fillText(verdict === null ? going : verdictText(verdict), left + 58, y + 9);
}

function drawWorld(
  context: CanvasRenderingContext2D,
  { light, episode, track }: PaneContent,
  moment: number,
  left: number,
  worlds: HTMLCanvasElement,
  pictures: Pictures,
  path: boolean,
): void {
  const image = track && pictures.get(pictureAt(track, moment));
  if (episode === null || track === undefined || image === undefined) return;
  worlds.width = image.width;
  worlds.height = image.height;
  const pixels = new ImageData(image.rgba, image.width, image.height);
  worlds.getContext('2d')!.putImageData(pixels, 0, 0);
  const scale = SIDE / Math.max(image.width, image.height);
  const [wide, high] = [image.width * scale, image.height * scale];
  const [x, y] = [left + (SIDE - wide) / 2, HEAD + (SIDE - high) / 2];
  context.imageSmoothingEnabled = false;
  context.drawImage(worlds, x, y, wide, high);
  if (path) {
    context.beginPath();
    const last = Math.min(moment, track.steps.length);
    for (let at = Math.max(0, last - LONGEST_PATH); at <= last; at++) {
      const position = positionAt(track, at);
      if (position !== null) context.lineTo(x + position[0] * wide, y + position[1] * high);
    }
    context.strokeStyle = light;
    context.lineWidth = 3;
    context.lineJoin = 'round';
    context.lineCap = 'round';
    context.stroke();
  }
  const verdict = isOver(track, moment) ? verdictOf(episode, track) : null;
  if (verdict === null) return;
  context.strokeStyle = COLOURS[VERDICT_COLOURS[verdict.kind]];
  context.lineWidth = 4;
  context.strokeRect(x, y, wide, high);
}
