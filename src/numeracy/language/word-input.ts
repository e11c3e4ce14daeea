import { spell, WORDS } from './spelling.ts';

const PLACES = new Map(WORDS.map((word, i) => [word, i]));

/** V, the size of the vocabulary. */
export const V = WORDS.length;

/** The places in {@link WORDS} of a number's words. */
export const wordsOf = (number: number): number[] => spell(number).map((word) => PLACES.get(word)!);

/** L, the most words of a number from 0 to `greatest`. */
export const mostWords = (greatest: number): number =>
  greatest <= 1000 ? 5 : greatest < 10_000 ? 7 : 11;

/**
 * Numbers as an LSTM reads them: for each of L places a one where the word is, [N, L · V]. Shorter expressions begin later, so the last
 * word is always at the last place; places without a word are zeros.
 */
export function oneHot(numbers: readonly number[], L: number): Float32Array {
  const ones = new Float32Array(numbers.length * L * V);
  for (const [n, number] of numbers.entries()) {
    const words = wordsOf(number);
    for (const [i, word] of words.entries()) {
      ones[(n * L + L - words.length + i) * V + word] = 1;
    }
  }
  return ones;
}
