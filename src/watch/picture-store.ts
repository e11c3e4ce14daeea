import type { WirePicture } from './written-step.ts';

/** Pictures that several episodes share, each held once for as long as one of them uses it. */
export class PictureStore {
  readonly #held = new Map<number, { readonly bytes: Uint8Array; uses: number }>();
  #size = 0;

  /** Bytes held. */
  get size(): number {
    return this.#size;
  }

  /** One more user of a picture. */
  hold({ hash, bytes }: WirePicture): void {
    const held = this.#held.get(hash);
    if (held) {
      held.uses += 1;
    } else {
      this.#held.set(hash, { bytes, uses: 1 });
      this.#size += bytes.length;
    }
  }

  get(hash: number): Uint8Array {
    const held = this.#held.get(hash);
    if (!held) throw new Error(`picture ${hash} is not held`);
    return held.bytes;
  }

  /** One user less. */
  release(hash: number): void {
    const held = this.#held.get(hash);
    if (!held) return;
    held.uses -= 1;
    if (held.uses > 0) return;
    this.#held.delete(hash);
    this.#size -= held.bytes.length;
  }
}
