import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generalizedAdvantages, type Transitions } from '../../agent/returns.ts';

const f = (...values: number[]) => Float32Array.from(values);

function advantages(
  transitions: Transitions,
  {
    T,
    B = 1,
    discount = 0.5,
    lambda = 0.5,
  }: { T: number; B?: number; discount?: number; lambda?: number },
) {
  const into = { advantage: new Float32Array(T * B), return: new Float32Array(T * B) };
  generalizedAdvantages(transitions, { T, B, discount, lambda }, into);
  return { advantage: [...into.advantage], return: [...into.return] };
}

describe('generalised advantages by hand, γ = λ = ½', () => {
  // δ = r + γ V' − V with r = 1, 2, 4 and V = 1, 2, 3.
  const [reward, value] = [f(1, 2, 4), f(1, 2, 3)];

  test.each([
    // δ = 1 + ½·2 − 1, 2 + ½·3 − 2, 4 + ½·6 − 3 = 1, 1.5, 4
    ['that runs on', [2, 3, 6], [0, 0, 0], [1 + 2.5 / 4, 1.5 + 4 / 4, 4]],
    // Nothing follows: δ = 1, 1.5, 4 − 3 = 1
    ['that is terminated', [2, 3, 0], [0, 0, 1], [1 + 1.75 / 4, 1.5 + 1 / 4, 1]],
    // The value of its last observation follows, the next episode does not: δ = 1, 2 + ½·8 − 2 = 4, 4 + ½·6 − 3 = 4
    ['that is truncated within the rollout', [2, 8, 6], [0, 1, 0], [1 + 4 / 4, 4, 4]],
  ])('of an episode %s', (_, next, ends, advantage) => {
    const transitions = { reward, value, nextValue: f(...next), ended: Uint8Array.from(ends) };
    expect(advantages(transitions, { T: 3 })).toEqual({
      advantage,
      return: advantage.map((a, t) => a + value[t]!),
    });
  });

  test('of two worlds side by side', () => {
    const transitions = {
      reward: f(1, 10, 2, 20),
      value: f(0, 0, 0, 0),
      nextValue: f(0, 0, 4, 0),
      ended: Uint8Array.of(0, 1, 0, 1),
    };
    expect(advantages(transitions, { T: 2, B: 2 }).advantage).toEqual([1 + 4 / 4, 10, 4, 20]);
  });
});

describe('any transitions', () => {
  const number = fc.double({ min: -5, max: 5, noNaN: true });
  const anyTransitions = fc
    .record({ T: fc.integer({ min: 1, max: 12 }), B: fc.integer({ min: 1, max: 4 }) })
    .chain(({ T, B }) => {
      const array = fc.array(number, { minLength: T * B, maxLength: T * B });
      const ended = fc.array(fc.boolean(), { minLength: T * B, maxLength: T * B });
      return fc.record({
        T: fc.constant(T),
        B: fc.constant(B),
        reward: array.map((a) => f(...a)),
        value: array.map((a) => f(...a)),
        following: array.map((a) => f(...a)),
        ended: ended.map((a) => Uint8Array.from(a, Number)),
        discount: fc.double({ min: 0, max: 1, noNaN: true }),
        lambda: fc.double({ min: 0, max: 1, noNaN: true }),
      });
    })
    .map(({ following, ...all }) => {
      const { T, B, value, ended } = all;
      // Within an episode the value that follows is the next step's own.
      const nextValue = following.map((v, i) => (ended[i] || i >= (T - 1) * B ? v : value[i + B]!));
      return { ...all, nextValue };
    });

  test('with λ = 1 returns are discounted rewards up to the episode’s end and the value that follows it', () => {
    fc.assert(
      fc.property(anyTransitions, (all) => {
        const { T, B, reward, nextValue, ended, discount } = all;
        const { return: returns } = advantages(all, { ...all, lambda: 1 });
        for (let b = 0; b < B; b++) {
          let expected = 0;
          for (let t = T - 1; t >= 0; t--) {
            const i = t * B + b;
            const last = ended[i] === 1 || t === T - 1;
            expected = reward[i]! + discount * (last ? nextValue[i]! : expected);
            expect(returns[i]).toBeCloseTo(expected, 3);
          }
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test('with λ = 0 advantages are the errors of one step', () => {
    fc.assert(
      fc.property(anyTransitions, (all) => {
        const { reward, value, nextValue, discount } = all;
        const { advantage } = advantages(all, { ...all, lambda: 0 });
        for (const [i, a] of advantage.entries()) {
          expect(a).toBeCloseTo(reward[i]! + discount * nextValue[i]! - value[i]!, 4);
        }
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  test('nothing after the end of an episode changes what came before it', () => {
    fc.assert(
      fc.property(anyTransitions, fc.nat(), (all, draw) => {
        const { T, B, ended } = all;
        const before = advantages(all, all).advantage;
        const at = draw % (T * B);
        const [end, b] = [Math.floor(at / B), at % B];
        const changed = { ...all, ended: ended.slice() };
        changed.ended[at] = 1;
        const reference = advantages(changed, all).advantage;
        const after = { ...changed, reward: all.reward.slice(), value: all.value.slice() };
        for (let t = end + 1; t < T; t++) {
          after.reward[t * B + b]! += 100;
          after.value[t * B + b]! -= 50;
        }
        const result = advantages(after, all).advantage;
        for (let t = 0; t <= end; t++) expect(result[t * B + b]).toBe(reference[t * B + b]);
        // Other worlds notice neither.
        for (const [i, a] of result.entries()) if (i % B !== b) expect(a).toBe(before[i]);
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});

test.each(['reward', 'value', 'nextValue', 'ended'] as const)(
  'an array of the wrong length is refused by name: %s',
  (name) => {
    const six = { reward: f(0, 0, 0, 0, 0, 0), value: f(0, 0, 0, 0, 0, 0) };
    const right = { ...six, nextValue: f(0, 0, 0, 0, 0, 0), ended: new Uint8Array(6) };
    const wrong = { ...right, [name]: right[name].subarray(1) };
    expect(() => advantages(wrong, { T: 2, B: 3 })).toThrow(
      new RangeError(`${name} has 5 elements, not 2 steps × 3 worlds.`),
    );
  },
);
