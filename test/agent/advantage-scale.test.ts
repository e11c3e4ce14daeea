import { expect, test } from 'vitest';
import { AdvantageScale, NO_ADVANTAGES } from '../../agent/advantage-scale.ts';
import { parseConfig } from '../../agent/pathways/configure.ts';

const scale = (normalizeAdvantages = true): AdvantageScale =>
  new AdvantageScale(parseConfig({ normalizeAdvantages }));

test('the first update keeps its advantages; the second divides by the root mean square of the first', () => {
  const one = scale();
  expect(one.factor).toBe(1);
  one.add(0.25);
  expect(one.factor).toBeCloseTo(2, 12);
});

test('advantages that stay alike are brought to a root mean square of one', () => {
  const one = scale();
  for (let update = 0; update < 10; update++) one.add(0.01);
  expect(one.factor).toBeCloseTo(10, 9);
});

test('the scale follows advantages that shrink, an update at a time', () => {
  const one = scale();
  for (let update = 0; update < 500; update++) one.add(1);
  one.add(0);
  expect(one.factor).toBeCloseTo(1 / Math.sqrt(0.98), 3);
  for (let update = 0; update < 2000; update++) one.add(1e-4);
  expect(one.factor).toBeCloseTo(100, 0);
});

test('advantages of zero leave a finite factor', () => {
  const one = scale();
  for (let update = 0; update < 5000; update++) one.add(0);
  expect(Number.isFinite(one.factor)).toBe(true);
});

test('switched off, it changes nothing', () => {
  const one = scale(false);
  one.add(0.01);
  expect(one.factor).toBe(1);
});

test('a copy continues where another stopped', () => {
  const [one, copy] = [scale(), scale()];
  for (const meanSquare of [0.5, 0.2, 0.9]) one.add(meanSquare);
  copy.restore(JSON.parse(JSON.stringify(one.state)));
  one.add(0.3);
  copy.add(0.3);
  expect(copy.factor).toBe(one.factor);
  expect(scale().state).toEqual(NO_ADVANTAGES);
});
