import { describe, expect, test } from 'vitest';
import {
  describeData,
  drawDigits,
  hashOf,
  measuringDigits,
  trainingDigits,
} from '../../../src/numeracy/digits/digit-data.ts';
import type { Digits } from '../../../src/numeracy/digits/images.ts';
import { drawn, folderOfDigits } from './files.ts';

const hashes = (digits: Digits): string[] => Array.from(digits.labels, (_, i) => hashOf(digits, i));

/** Pictures that are in more than one of the splits. */
function shared(data: ReturnType<typeof describeData>, folder?: string): string[] {
  const { validation, test: tested } = measuringDigits(data, folder);
  const splits = [trainingDigits(data, folder), validation, tested].map(hashes);
  return splits.flatMap((own, i) =>
    own.filter((hash) => splits.some((other, j) => j !== i && other.includes(hash))),
  );
}

describe('no picture is in two splits', () => {
  test('of drawn digits', () => {
    const data = describeData(undefined, 600);
    expect(shared(data)).toEqual([]);
    expect(measuringDigits(data, undefined).test.labels).toHaveLength(200);
  });

  test('of files that have the same picture twice', () => {
    const train = structuredClone(drawn.train);
    const tested = structuredClone(drawn.test);
    const copy = (from: Digits, i: number, to: Digits, j: number): void =>
      to.images.set(from.images.subarray(i * 784, (i + 1) * 784), j * 784);
    copy(train, 3, train, 47); // The last twelfth of the files is for validation.
    copy(train, 5, tested, 0);
    copy(train, 46, tested, 1);
    const folder = folderOfDigits({ train, test: tested });
    const data = describeData(folder, 600);
    expect(shared(data, folder)).toEqual([]);
    const measuring = measuringDigits(data, folder);
    expect(trainingDigits(data, folder).labels).toHaveLength(44);
    expect(measuring.validation.labels).toHaveLength(3);
    expect([...measuring.test.labels]).toEqual([...tested.labels].slice(2));
  });
});

test('a digit is drawn the same whenever it is drawn, and unlike any other', () => {
  const [one, again] = [drawDigits(100, 'a'), drawDigits(100, 'a')];
  expect(hashes(one)).toEqual(hashes(again));
  expect(new Set([...hashes(one), ...hashes(drawDigits(100, 'b'))])).toHaveLength(200);
  expect([...one.labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
  for (let i = 0; i < 100; i += 1) {
    const inked = one.images.subarray(i * 784, (i + 1) * 784).filter((ink) => ink > 60).length;
    expect(inked).toBeGreaterThan(15);
    expect(inked).toBeLessThan(350);
  }
});
