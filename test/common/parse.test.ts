import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/common/errors.ts';
import { choice, count, numberList, settings } from '../../src/common/parse.ts';

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('count', () => {
  test.each([
    ['1', 1],
    ['250', 250],
    ['2_000_000', 2_000_000],
    ['2e6', 2_000_000],
    ['2E+6', 2_000_000],
    ['2.3M', 2_300_000],
    ['500k', 500_000],
    [' 7 ', 7],
  ])('%j is %d', (text, value) => {
    expect(count('--frames')(text)).toBe(value);
  });

  test('every whole number is read back, however written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (value) => {
        const grouped = value.toLocaleString('en-GB').replaceAll(',', '_');
        return [String(value), grouped, `${value}e0`].every(
          (text) => count('--frames')(text) === value,
        );
      }),
    );
  });

  test.each([
    '',
    '0',
    '-5',
    '1.5',
    '2e-6',
    'two',
    '0x10',
    '1__0',
    '_1',
    '1,000',
    '1e400',
    '9e15k',
    'NaN',
    'Infinity',
  ])('%j is refused', (text) => {
    expect(messageOf(() => count('--frames')(text))).toBe(
      `--frames takes a whole number of at least 1, such as 2000000, 2e6 or 2M, not "${text}"`,
    );
  });

  test('bounds are inclusive', () => {
    const port = count('--port', { min: 0, max: 65_535 });
    expect([port('0'), port('65535')]).toEqual([0, 65_535]);
    expect(messageOf(() => port('65536'))).toBe(
      '--port takes a whole number from 0 to 65535, not "65536"',
    );
  });
});

describe('numbers', () => {
  const times = numberList('--numbers', { min: 1 });

  test.each([
    ['8', [8]],
    ['5..9', [5, 6, 7, 8, 9]],
    ['5..5', [5]],
    ['5..30:5', [5, 10, 15, 20, 25, 30]],
    ['5..12:5', [5, 10]],
    ['12,5,8', [5, 8, 12]],
    ['5..7, 6..8, 1k', [5, 6, 7, 8, 1000]],
  ])('%j is %j', (text, values) => {
    expect(times(text)).toEqual(values);
  });

  test.each([
    ['9..5', '"9..5" runs backwards: did you mean "5..9"?'],
    ['9..5:2', '"9..5:2" runs backwards: did you mean "5..9:2"?'],
    ['', '"" has a gap'],
    ['5,,8', '"5,,8" has a gap'],
    ['5,', '"5," has a gap'],
    ['5..', 'not "5.."'],
    ['..9', 'not "..9"'],
    ['5...9', 'not "5...9"'],
    ['5-9', 'not "5-9"'],
    ['0..5', 'not "0..5"'],
    ['-3', 'not "-3"'],
    ['2.5', 'not "2.5"'],
    ['5..9:0', 'the step of "5..9:0" is below 1'],
    ['5..9:-1', 'the step of "5..9:-1" is below 1'],
    ['five', 'not "five"'],
    ['1..1e9', '"1..1e9" is more than 10000'],
  ])('%j is refused', (text, problem) => {
    expect(messageOf(() => times(text))).toBe(
      `--numbers takes whole numbers of at least 1, such as 5..30, 5..100:5 or 5,8,12; ${problem}`,
    );
  });

  test('an upper bound holds for the whole range', () => {
    expect(messageOf(() => numberList('--seeds', { min: 0, max: 99 })('1..100'))).toBe(
      '--seeds takes whole numbers from 0 to 99, such as 5..30, 5..100:5 or 5,8,12; not "1..100"',
    );
  });

  test('a range holds what counting from one end to the other gives', () => {
    const whole = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(whole, whole, fc.integer({ min: 1, max: 20 }), (from, more, by) => {
        const counted = [];
        for (let value = from; value <= from + more; value += by) counted.push(value);
        expect(times(`${from}..${from + more}:${by}`)).toEqual(counted);
      }),
    );
  });
});

describe('choice', () => {
  const engine = choice('--engine', ['onnx', 'wasm', 'cpu']);

  test('returns the word', () => {
    expect(engine('wasm')).toBe('wasm');
  });

  test('suggests the closest word', () => {
    expect(messageOf(() => engine('onx'))).toBe(
      '--engine takes onnx, wasm or cpu, not "onx"; did you mean "onnx"?',
    );
    expect(messageOf(() => engine('quantum computer'))).toBe(
      '--engine takes onnx, wasm or cpu, not "quantum computer"',
    );
  });
});

describe('settings', () => {
  const set = settings('--set');

  test.each([
    ['learningRate=0.001', { learningRate: 0.001 }],
    ['agentColour=[1,2,3]', { agentColour: [1, 2, 3] }],
    ['timing=exact', { timing: 'exact' }],
    ['timing="exact"', { timing: 'exact' }],
    ['normalise=true', { normalise: true }],
    ['formula=a=b', { formula: 'a=b' }],
    ['empty=', { empty: '' }],
  ])('%j', (text, value) => {
    expect(set(text)).toEqual(value);
  });

  test('repeated options add up, and the last value of a key wins', () => {
    expect(set('a=3', set('b=2', set('a=1')))).toEqual({ a: 3, b: 2 });
  });

  test('__proto__ is a key like any other', () => {
    const value = set('__proto__={"polluted":true}');
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each(['learningRate', '=3', ' =3', ''])('%j is refused', (text) => {
    expect(messageOf(() => set(text))).toBe(`--set takes key=value, such as size=7, not "${text}"`);
  });
});
