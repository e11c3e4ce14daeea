import type { NamedPicture } from '../play/pictures.ts';

/** Pictures that several episodes share, each held once for as long as one of them uses it. */
export class PictureStore {
  readonly #held = new Map<number, { readonly bytes: Uint8Array; uses: number }>();
  #size = 0;

  /** Bytes held. */
  get size(): number {
    return this.#size;
  }

  /** One more user of a picture. */
  hold({ hash, bytes }: NamedPicture): void {
    const held = this.#held.get(hash);
    if (held) {
      held.uses += 1;
    } else {
      this.#held.set(hash, { bytes, uses: 1 });
      this.#size += bytes.length;
    }
  }

  get(number: number): Uint8Array {
    const held = this.#held.get(number);
    if (!held) throw new Error(`picture ${number} is not held`);
    return held.bytes;
  }

  /** One user less. */
  release(number: number): void {
    const held = this.#held.get(number);
    if (!held) return;
    held.uses -= 1;
    if (held.uses > 0) return;
    this.#held.delete(number);
    this.#size -= held.bytes.length;
  }
}
