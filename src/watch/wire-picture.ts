import { PROTOCOL_VERSION } from './protocol.ts';

/** A picture under way: red, green and blue of each pixel, row by row. */
export interface Picture {
  readonly hash: number;
  readonly height: number;
  readonly width: number;
  /** uint8 [height, width, 3] */
  readonly pixels: Uint8Array;
}

/** version u8, channels u8, height u16, width u16, 2 unused bytes, number f64; big-endian. */
const HEADER_BYTES = 16;
const CHANNELS = 3;

export function encodePicture({ hash, height, width, pixels }: Picture): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + pixels.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, PROTOCOL_VERSION);
  view.setUint8(1, CHANNELS);
  view.setUint16(2, height);
  view.setUint16(4, width);
  view.setFloat64(8, hash);
  bytes.set(pixels, HEADER_BYTES);
  return bytes;
}

/** @returns the pixels are a view of `bytes` @throws Error for anything that is not a picture of this version */
export function decodePicture(bytes: Uint8Array): Picture {
  if (bytes.length < HEADER_BYTES) throw new Error(`a picture of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [version, channels] = [view.getUint8(0), view.getUint8(1)];
  const [height, width, hash] = [view.getUint16(2), view.getUint16(4), view.getFloat64(8)];
  const pixels = bytes.subarray(HEADER_BYTES);
  if (version !== PROTOCOL_VERSION || channels !== CHANNELS) {
    throw new Error(`a picture of version ${version} with ${channels} channels`);
  }
  if (pixels.length !== height * width * CHANNELS || !Number.isSafeInteger(hash) || hash < 0) {
    throw new Error(`picture ${hash} has ${pixels.length} bytes for ${height} × ${width}`);
  }
  return { hash, height, width, pixels };
}
