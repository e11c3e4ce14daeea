import { crc32, deflateSync } from 'node:zlib';
import gifenc from 'gifenc';

const COLOURS = 256;

/**
 * Encodes a picture with a palette: about a third of the size that a browser's own PNG has.
 * @param rgba uint8 [height, width, 4], opaque
 * @returns the bytes of a PNG file
 */
export function indexedPng(rgba, width, height) {
  const averages = gifenc.quantize(rgba, COLOURS);
  const pixels = gifenc.applyPalette(rgba, averages);
  const palette = commonest(rgba, pixels, averages);
  // Each row begins with its filter: none.
  const rows = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row++)
    rows.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits, indexed colours; deflate, no filter method of its own, not interlaced.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Of each palette entry, the commonest colour that it stands for, so that large areas keep theirs. */
function commonest(rgba, pixels, averages) {
  const counts = averages.map(() => new Map());
  pixels.forEach((entry, at) => {
    const colour = rgba[at * 4] * 65_536 + rgba[at * 4 + 1] * 256 + rgba[at * 4 + 2];
    counts[entry].set(colour, (counts[entry].get(colour) ?? 0) + 1);
  });
  return averages.map((average, entry) => {
    const [most] = [...counts[entry]].sort(([, a], [, b]) => b - a);
    if (most === undefined) return average;
    return [most[0] >> 16, (most[0] >> 8) & 255, most[0] & 255];
  });
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
