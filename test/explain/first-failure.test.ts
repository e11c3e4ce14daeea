import { describe, expect, test } from 'vitest';
import { firstFailure } from '../../src/explain/first-failure.ts';

/** Fails at the numbers for which this holds. */
async function search(from: number, upTo: number, fails: (number: number) => boolean) {
  const { tried, first } = await firstFailure(from, upTo, async (number) => ({
    number,
    exact: fails(number) ? 0.5 : 1,
  }));
  return { tried: tried.map(({ number }) => number), first: first?.number ?? null };
}

describe('the first failure', () => {
  test('is found exactly, where everything beyond it fails', async () => {
    for (let last = 12; last < 200; last++) {
      const { first } = await search(12, 1000, (number) => number > last);
      expect(first).toBe(last + 1);
    }
  });

  test('may be the first number of all', async () => {
    expect(await search(12, 1000, () => true)).toEqual({ tried: [12], first: 12 });
  });

  test('is none, after doubling up to the greatest', async () => {
    const { tried, first } = await search(12, 100, () => false);
    expect({ tried, first }).toEqual({ tried: [12, 24, 48, 96, 100], first: null });
  });

  test('fails while the one before does not, for one that recovers', async () => {
    const fails = (number: number) => number > 20 && number % 8 < 3;
    const { first } = await search(12, 1000, fails);
    expect(first).toBe(24);
    expect(fails(23)).toBe(false);
  });

  test('is looked for from zero, too', async () => {
    expect((await search(0, 5, (number) => number > 3)).first).toBe(4);
  });
});
