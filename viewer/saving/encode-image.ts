import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { EpisodePicture } from './episode-picture.ts';

const STEP_MS = 200;
const END_MS = 2000;
const MOST_COLOURS = 64;
const PNG_SCALE = 2;

/** The whole episode as an animation: a frame for each moment, the last one longer. @param moments how many, with the start */
export async function toGif(
  { width, height, draw }: EpisodePicture,
  moments: number,
): Promise<Blob> {
  const context = contextOf(width, height, 1);
  const encoder = GIFEncoder();
  for (let moment = 0; moment < moments; moment++) {
    draw(context, moment);
    const { data } = context.getImageData(0, 0, width, height);
    const palette = quantize(data, MOST_COLOURS);
    const delay = moment === moments - 1 ? END_MS : STEP_MS;
    encoder.writeFrame(applyPalette(data, palette), width, height, { palette, delay });
    // A long episode takes a while: the page must stay responsive.
    if (moment % 8 === 7) await new Promise((resolve) => setTimeout(resolve));
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
