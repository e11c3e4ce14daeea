/**
 * Numbers that are drawn again for every step of every copy of a model: a small, fast generator (xoshiro128**, Blackman and Vigna 2021)
 * that starts from a text, so a step's numbers depend on nothing that was drawn before.
 */
export class DrawnNumbers {
  readonly #state = new Uint32Array(4);

  /** @param key such as `train/7/1200`: what for, which seed, which step */
  constructor(key: string) {
    // cyrb128: four hashes of the text, each of which depends on all of its letters.
    let [a, b, c, d] = [1779033703, 3144134277, 1013904242, 2773480762];
    for (let i = 0; i < key.length; i += 1) {
      const code = key.charCodeAt(i);
      a = b ^ Math.imul(a ^ code, 597399067);
      b = c ^ Math.imul(b ^ code, 2869860233);
      c = d ^ Math.imul(c ^ code, 951274213);
      d = a ^ Math.imul(d ^ code, 2716044179);
    }
    a = Math.imul(c ^ (a >>> 18), 597399067);
    b = Math.imul(d ^ (b >>> 22), 2869860233);
    c = Math.imul(a ^ (c >>> 17), 951274213);
    d = Math.imul(b ^ (d >>> 19), 2716044179);
    this.#state.set([a ^ b ^ c ^ d, b ^ a, c ^ a, (d ^ a) | 1]);
    for (let i = 0; i < 8; i += 1) this.#next();
  }

  /** 32 random bits. */
  #next(): number {
    const s = this.#state;
    const scrambled = Math.imul(s[1]!, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= shifted;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** A number from `low` to, but without, `high`. */
  uniform(low = 0, high = 1): number {
    return low + (this.#next() / 2 ** 32) * (high - low);
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor((this.#next() / 2 ** 32) * (high - low + 1));
  }

  /** Fills `values` with numbers from `low` to `high`. @returns them */
  fill<Values extends Float32Array | Float64Array>(
    values: Values,
    low: number,
    high: number,
  ): Values {
    const scale = (high - low) / 2 ** 32;
    for (let i = 0; i < values.length; i += 1) values[i] = low + this.#next() * scale;
    return values;
  }

  /** A number from the standard normal distribution (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
}
