import { type Frame, pictureHash } from '../../env/index.ts';
import { encodePicture } from '../watch/protocol.ts';

/** A picture that has its name and its form on the wire. */
export interface NamedPicture {
  readonly hash: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The picture with its name. */
export function named(frame: Frame): NamedPicture {
  const hash = pictureHash(frame);
  return { hash, bytes: encodePicture({ hash, ...frame }) };
}

/** Tells the pictures of one episode apart, and hands out each once. */
export class PictureBook {
  readonly #known = new Set<number>();
  #fresh: NamedPicture[] = [];
  /** The latest picture: often enough the next one is the same. */
  #latest: { readonly pixels: Uint8Array; readonly width: number; readonly hash: number } | null =
    null;

  /** The hash of a picture, which is kept until `take` if it is a new one. */
  add(frame: Frame): number {
    const { pixels, width } = frame;
    const latest = this.#latest;
    if (latest?.width === width && Buffer.compare(latest.pixels, pixels) === 0) {
      return latest.hash;
    }
    const hash = pictureHash(frame);
    this.#latest = { pixels: pixels.slice(), width, hash };
    if (!this.#known.has(hash)) {
      this.#known.add(hash);
      this.#fresh.push({ hash, bytes: encodePicture({ hash, ...frame }) });
    }
    return hash;
  }

  /** The pictures added for the first time since the last call. */
  take(): NamedPicture[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}
