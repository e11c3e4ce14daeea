import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { rasterise } from '../../src/render/draw-spec.ts';
import { encodePng } from '../../src/render/png.ts';

/** The parts of a PNG file by their names. */
function parts(file: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    found.set(file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
}

test('a picture is written pixel for pixel, without its opacity', () => {
  const pixels = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255);
  const file = encodePng(pixels, 2, 2);
  expect([...file.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const { IHDR, IDAT } = Object.fromEntries(parts(file));
  expect([IHDR!.readUInt32BE(0), IHDR!.readUInt32BE(4), IHDR![8], IHDR![9]]).toEqual([2, 2, 8, 2]);
  expect([...inflateSync(IDAT!)]).toEqual([0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11, 12]);
  // Known from the format's specification: the checksum of an empty IEND.
  expect(file.subarray(-4).toString('hex')).toBe('ae426082');
});

test('a figure has the size that it is drawn in', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"></svg>';
  const header = parts(rasterise(svg, 2)).get('IHDR')!;
  expect([header.readUInt32BE(0), header.readUInt32BE(4)]).toEqual([60, 40]);
});
