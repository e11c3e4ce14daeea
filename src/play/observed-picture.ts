import type { Box, Frame } from '../../env/index.ts';

/**
 * What an agent sees, as a picture for people, of any number of channels: three are colours, one is grey, and more of either stand
 * side by side, the first (of a stack of frames, the oldest) on the left.
 * @param pixels uint8 [height, width, channels]
 */
export function observedPicture(pixels: Uint8Array, space: Box): Frame {
  const [height, width, channels] = space.shape as [number, number, number];
  if (channels === 3) return { pixels, height, width };
  const depth = channels % 3 === 0 ? 3 : 1;
  const tiles = channels / depth;
  const picture = new Uint8Array(height * width * tiles * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let tile = 0; tile < tiles; tile++) {
        const from = (y * width + x) * channels + tile * depth;
        const to = ((y * tiles + tile) * width + x) * 3;
        for (let c = 0; c < 3; c++) picture[to + c] = pixels[from + (depth === 3 ? c : 0)]!;
      }
    }
  }
  return { pixels: picture, height, width: width * tiles };
}
