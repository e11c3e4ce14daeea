import { describe, expect, test } from 'vitest';
import { language } from '../../src/numeracy/language/language.ts';
import { gradientOf, idle, P, reckon } from '../../src/numeracy/language/reckoner.ts';
import { formOf, scoreAnswers, testedNumbers } from '../../src/numeracy/language/score.ts';
import { spell, WORDS } from '../../src/numeracy/language/spelling.ts';
import { RANGES, splitNumbers } from '../../src/numeracy/language/split.ts';
import { mostWords, oneHot, V, wordsOf } from '../../src/numeracy/language/word-input.ts';
import { settingsOf } from '../../src/numeracy/task-settings.ts';

test.each([
  [0, 'zero'],
  [13, 'thirteen'],
  [40, 'forty'],
  [100, 'one hundred'],
  [239, 'two hundred and thirty nine'],
  [1000, 'one thousand'],
  [2005, 'two thousand and five'],
  [7310, 'seven thousand three hundred and ten'],
  [999_999, 'nine hundred and ninety nine thousand nine hundred and ninety nine'],
  [600_020, 'six hundred thousand and twenty'],
])('%d is spelt "%s"', (number, words) => {
  expect(spell(number).join(' ')).toBe(words);
});

test.each([-1, 1.5, 1_000_000, Number.NaN])('%d has no words here', (number) => {
  expect(() => spell(number)).toThrow(`${number} must be a whole number from 0 to 999,999.`);
});

test('no two numbers have the same words, and none has more than its range', () => {
  const all = Array.from({ length: 10_000 }, (_, n) => spell(n).join(' '));
  expect(new Set(all).size).toBe(all.length);
  expect(Math.max(...all.slice(0, 1001).map((words) => words.split(' ').length))).toBe(
    mostWords(1000),
  );
  expect(Math.max(...all.map((words) => words.split(' ').length))).toBe(mostWords(9999));
  expect(spell(777_777).length).toBe(mostWords(999_999));
});

describe.each(['to-1000', 'to-9999'] as const)('the split of the numbers to %s', (name) => {
  const range = RANGES[name];
  const seeds = name === 'to-1000' ? Array.from({ length: 100 }, (_, i) => i) : [1, 2];

  test('has the declared sizes, no expression in two parts, and each word in the training', () => {
    for (const seed of seeds) {
      const { train, validation } = splitNumbers(seed, range);
      const tested = testedNumbers(seed, range);
      expect([train.length, validation.length, tested.length]).toEqual([
        range.train,
        range.validation,
        range.test,
      ]);
      const expressions = [...train, ...validation, ...tested].map((n) => spell(n).join(' '));
      expect(new Set(expressions).size).toBe(expressions.length);
      expect([...new Set(train.flatMap(spell))].sort()).toEqual([...WORDS].sort());
      expect(train.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    }
  });

  test('differs from seed to seed', () => {
    const [one, two] = [1, 2].map((seed) => splitNumbers(seed, range).train);
    expect(one).not.toEqual(two);
    expect(splitNumbers(1, range).train).toEqual(one);
  });
});

test('an LSTM reads the last word of every expression at the last place', () => {
  const L = mostWords(1000);
  const ones = oneHot([5, 300], L);
  const places = [...ones.keys()].filter((i) => ones[i] === 1);
  expect(places.map((i) => [Math.floor(i / V), WORDS[i % V]])).toEqual([
    [4, 'five'],
    [8, 'three'],
    [9, 'hundred'],
  ]);
});

describe('scores', () => {
  const truth = testedNumbers(1, RANGES['to-1000']);
  const score = (answer: (n: number) => number) => scoreAnswers(truth.map(answer), truth)!;
  const LIMIT = 0.41;

  test('right answers have no error, and rounding is to the whole number', () => {
    expect(score((n) => n)).toEqual({ error: 0, exact: 631 });
    expect(score((n) => n + 0.49).exact).toBe(631);
    expect(score((n) => n + 0.51).exact).toBe(0);
  });

  test('the published error lies where it says', () => {
    expect(score((n) => n + LIMIT / 2).error).toBeCloseTo(LIMIT / 2, 10);
    expect(score((n) => n - 2 * LIMIT).error).toBeCloseTo(2 * LIMIT, 10);
  });

  test.each([
    ['the mean', () => 500],
    ['the last word alone', (n: number) => n % 100],
    ['weights off by 1 %', (n: number) => 1.01 * n],
  ])('%s fails', (_, answer) => {
    expect(score(answer).error).toBeGreaterThan(LIMIT);
    expect(score(answer).exact).toBeLessThan(200);
  });

  test('an answer that is no number is none', () => {
    expect(scoreAnswers([1, Number.NaN], [1, 2])).toBeNull();
    expect(scoreAnswers([1], [1, 2])).toBeNull();
  });

  test('a form stands for its words', () => {
    expect([7, 17, 70, 340, 1000].map(formOf)).toEqual([
      'one',
      'twelve',
      'twenty',
      'one hundred and twenty',
      'one thousand',
    ]);
  });
});

describe('a reckoner', () => {
  /** The weights that read English. */
  const english = (): Float64Array => {
    const weights = Float64Array.from({ length: P }, (_, i) => idle(i));
    for (let n = 0; n < 100; n += 1) if (spell(n).length === 1) weights[wordsOf(n)[0]!] = n;
    weights[V + WORDS.indexOf('hundred')] = 100;
    weights[V + WORDS.indexOf('thousand')] = 1000;
    weights[2 * V + WORDS.indexOf('thousand')] = 40;
    return weights;
  };

  test('can read every number, and with weights off by 1 % cannot', () => {
    const right = english();
    const off = right.map((value, i) => (i < 2 * V ? value * 1.01 : value));
    for (let n = 0; n < 1_000_000; n += 997) expect(reckon(right, wordsOf(n))).toBe(n);
    const wrong = Array.from({ length: 50 }, (_, i) => 13 + 19_001 * i).filter(
      (n) => Math.round(reckon(off, wordsOf(n))) === n,
    );
    expect(wrong.length).toBeLessThan(5);
  });

  test('has the derivatives of finite differences', () => {
    const weights = english().map((value, i) => (i < 2 * V ? value + 0.3 : i % 3 ? -1.5 : 0.4));
    const words = wordsOf(345_678);
    const gradient = new Float64Array(P);
    expect(gradientOf(weights, words, gradient)).toBe(reckon(weights, words));
    for (let i = 0; i < P; i += 1) {
      const size = 1e-5 * Math.max(1, Math.abs(weights[i]!));
      const [high, low] = [size, -size].map((step) => {
        const moved = weights.slice();
        moved[i]! += step;
        return reckon(moved, words);
      });
      const difference = (high! - low!) / (2 * size);
      expect(Math.abs(gradient[i]! - difference), `weight ${i}`).toBeLessThan(
        1e-4 * Math.max(1, Math.abs(difference)),
      );
    }
  });
});

/** @returns the run, and what its training saves */
async function trained(set: Readonly<Record<string, unknown>>) {
  const [run] = await language.runs(settingsOf(language as never, set) as never, {});
  const training = await language.train(run!, {});
  for (let i = 0; i < training.steps; i += 1) await training.step(i);
  const saved = training.save();
  await training.dispose();
  return { run: run!, saved };
}

test('a reckoner learns from 169 expressions to read all, and each seed alone the same', async () => {
  const set = { models: 'reckoner', ranges: 'to-1000', starts: 4 };
  const { run, saved } = await trained({ ...set, seeds: [3, 4] });
  const result = await language.evaluate(run, saved, {});
  expect(result.copies.map(({ exact, test }) => [exact, test])).toEqual([
    [631, 0],
    [631, 0],
  ]);
  const alone = await trained({ ...set, seeds: [4] });
  const { copies } = await language.evaluate(alone.run, alone.saved, {});
  expect(copies[0]).toEqual(result.copies[1]);
});

test.each(['nalu', 'scaled'])(
  'an untrained LSTM (%s) fails, and a broken copy is reported alone',
  async (model) => {
    const { run, saved } = await trained({
      ...{ models: model, ranges: 'to-1000', seeds: '1..3', iterations: 1, hidden: 2 },
    });
    const whole = await language.evaluate(run, saved, {});
    for (const { test, exact } of whole.copies) {
      expect(test).toBeGreaterThan(100);
      expect(exact).toBeLessThan(30);
    }
    const broken = saved.parameters!.slice();
    // The embedding comes first: V · 16 numbers of each copy.
    broken.fill(Number.NaN, V * 16, 2 * V * 16);
    const other = await language.evaluate(run, { parameters: broken }, {});
    expect(other.copies[1]).toMatchObject({ seed: 2, diverged: true, test: null, exact: null });
    expect(other.copies.toSpliced(1, 1)).toEqual(whole.copies.toSpliced(1, 1));
  },
);

test('a reckoner that is stopped between two steps and resumed learns the same bits', async () => {
  const settings = settingsOf(language as never, {
    models: 'reckoner',
    ranges: 'to-1000',
    seeds: [1, 2],
  });
  const [run] = await language.runs(settings as never, {});
  const [whole, first, second] = [
    await language.train(run!, {}),
    await language.train(run!, {}),
    await language.train(run!, {}),
  ];
  for (let i = 0; i < 8; i += 1) await whole.step(i);
  for (let i = 0; i < 5; i += 1) await first.step(i);
  second.restore(first.save());
  for (let i = 5; i < 8; i += 1) await second.step(i);
  const bits = (saved: object) => Object.values(saved).map(({ buffer }) => Buffer.from(buffer));
  expect(bits(second.save())).toEqual(bits(whole.save()));
});
