import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { EpisodePicture } from './episode-picture.ts';
import type { StepRange } from './step-range.ts';

const STEP_MS = 200;
const END_MS = 2000;
const MOST_COLOURS = 64;
const PNG_SCALE = 2;

export interface AnimationOptions extends StepRange {
  /** Is told how much is done, 0 to 1. */
  onShare(share: number): void;
  /** Ends it. */
  readonly stop: AbortSignal;
}

/**
 * Some moments of an episode as an animation: a frame for each, the last one longer.
 * @returns null where it was stopped
 */
export async function toGif(
  { width, height, draw }: EpisodePicture,
  { from, to, onShare, stop }: AnimationOptions,
): Promise<Blob | null> {
  const context = contextOf(width, height, 1);
  const encoder = GIFEncoder();
  for (let moment = from; moment <= to; moment++) {
    draw(context, moment);
    const { data } = context.getImageData(0, 0, width, height);
    const palette = quantize(data, MOST_COLOURS);
    const delay = moment === to ? END_MS : STEP_MS;
    encoder.writeFrame(applyPalette(data, palette), width, height, { palette, delay });
    // A long episode takes a while: the page must stay responsive.
    if ((moment - from) % 8 !== 7) continue;
    onShare((moment - from) / (to - from + 1));
    await new Promise((resolve) => setTimeout(resolve));
    if (stop.aborted) return null;
  }
  encoder.finish();
  return new Blob([encoder.bytes()], { type: 'image/gif' });
}

/** One moment, at twice the size. */
export async function toPng(
  { width, height, draw }: EpisodePicture,
  moment: number,
): Promise<Blob> {
  const context = contextOf(width, height, PNG_SCALE);
  draw(context, moment);
  return new Promise((resolve, reject) => {
    context.canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('the browser could not encode a PNG'));
      else resolve(blob);
    }, 'image/png');
  });
}

function contextOf(width: number, height: number, scale: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.scale(scale, scale);
  return context;
}
