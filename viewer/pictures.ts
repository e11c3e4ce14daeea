import type { Picture } from '../src/watch/wire-picture.ts';

/** A picture ready to be drawn: uint8 [height, width, 4]. */
export interface RgbaImage {
  readonly height: number;
  readonly width: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Above this many bytes, pictures that no current episode needs are dropped. */
const MOST_BYTES = 128 * 2 ** 20;

/** All pictures that have arrived, by hash. */
export class Pictures {
  readonly #images = new Map<number, RgbaImage>();
  #bytes = 0;

  get(hash: number): RgbaImage | undefined {
    return this.#images.get(hash);
  }

  get tooMany(): boolean {
    return this.#bytes > MOST_BYTES;
  }

  add({ hash, height, width, pixels }: Picture): void {
    if (this.#images.has(hash)) return;
    const rgba = new Uint8ClampedArray(height * width * 4).fill(255);
    for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4) {
      rgba[to] = pixels[from]!;
      rgba[to + 1] = pixels[from + 1]!;
      rgba[to + 2] = pixels[from + 2]!;
    }
    this.#images.set(hash, { height, width, rgba });
    this.#bytes += rgba.length;
  }

  keepOnly(wanted: ReadonlySet<number>): void {
    for (const [hash, { rgba }] of this.#images) {
      if (wanted.has(hash)) continue;
      this.#bytes -= rgba.length;
      this.#images.delete(hash);
    }
  }
}
