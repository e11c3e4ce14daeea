import { describe, expect, test } from 'vitest';
import { digitsRead, scoreAnswers } from '../../../src/numeracy/digits/score.ts';
import {
  accumulateRounded,
  drawStreams,
  trueAnswers,
} from '../../../src/numeracy/digits/streams.ts';

/** A thousand pictures, and the digits that they show. */
const labels = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7 + (i >> 3)) % 10);
const streams = drawStreams('test', 1000, { length: 1000, count: 12 });
const identity = (size: number): Float32Array =>
  Float32Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
/** What a model reads of each picture if it takes it for that digit. */
const readingsOf = (digits: Uint8Array, outputs: number): Float32Array =>
  outputs === 1
    ? Float32Array.from(digits)
    : Float32Array.from({ length: digits.length * 10 }, (_, at) =>
        at % 10 === digits[Math.floor(at / 10)] ? 1 : 0,
      );

describe.each([
  ['count', 10],
  ['sum', 1],
] as const)('%s', (_, outputs) => {
  const truth = trueAnswers(streams, labels, outputs);
  const score = (answers: Float32Array) => scoreAnswers(answers, truth, outputs)!;

  test('an answer is right up to half a digit, and wrong from there', () => {
    expect(score(truth)).toEqual({ error: 0, right: 1 });
    expect(score(truth.map((value) => value - 0.25))).toEqual({ error: 0.25, right: 1 });
    expect(score(truth.map((value, i) => value + (i % 2 ? 1 : -1)))).toEqual({
      error: 1,
      right: 0,
    });
  });

  test('a sequence with one wrong number in it is wrong', () => {
    const answers = truth.slice();
    answers[answers.length - 1]! += 1;
    expect(score(answers).right).toBeCloseTo(11 / 12, 9);
    expect(score(answers).error).toBeCloseTo(1 / truth.length, 9);
  });

  test('the mean, the first picture alone and answers off by 1 % are wrong everywhere', () => {
    const average = truth.reduce((a, b) => a + b, 0) / truth.length;
    const first = { length: 1, pictures: streams.pictures.filter((_, at) => at % 1000 === 0) };
    for (const answers of [
      truth.map(() => average + 0.5),
      trueAnswers(first, labels, outputs),
      truth.map((value) => 1.01 * value),
    ]) {
      expect(score(answers).right).toBe(0);
      expect(score(answers).error).toBeGreaterThan(0.5);
    }
  });

  test('an answer that is no finite number has no score', () => {
    const answers = truth.slice();
    answers[3] = Number.NaN;
    expect(scoreAnswers(answers, truth, outputs)).toBeNull();
    answers[3] = Infinity;
    expect(scoreAnswers(answers, truth, outputs)).toBeNull();
  });

  test('rounded readings leave no error but misread digits', () => {
    const noisy = readingsOf(labels, outputs).map((value, i) => value + 0.45 * Math.sin(i));
    expect(score(accumulateRounded(streams, noisy, identity(outputs)))).toEqual({
      error: 0,
      right: 1,
    });
    const misread = labels.map((digit, i) => (i % 100 === 0 ? (digit + 1) % 10 : digit));
    const answers = accumulateRounded(streams, readingsOf(misread, outputs), identity(outputs));
    expect(answers).toEqual(trueAnswers(streams, misread, outputs));
    expect(score(answers).error).toBeGreaterThan(0);
    expect(digitsRead(readingsOf(misread, outputs), outputs)).toEqual(misread);
  });

  test('weights that keep 1 % too little lose count', () => {
    const keep = identity(outputs).map((weight) => 0.99 * weight);
    const { right, error } = score(accumulateRounded(streams, readingsOf(labels, outputs), keep));
    expect(right).toBe(0);
    expect(error).toBeGreaterThan(50);
  });
});
