import { expect, test } from 'vitest';
import { cells } from '../../agent/cells/index.ts';
import { initialise, layoutOf, views } from '../../agent/parameters.ts';
import {
  cellFormulas,
  nameFormula,
  productFormula,
  readWeight,
  sumFormula,
} from '../../src/explain/cell-formulas.ts';

const names = (...all: string[]) => all.map(nameFormula);
const weighted = (weights: Readonly<Record<string, number>>) =>
  Object.entries(weights).map(([name, weight]) => ({ weight, of: nameFormula(name) }));
const numbered = (letter: string, from: number, to: number, weight = 1) =>
  Object.fromEntries(
    Array.from({ length: to - from + 1 }, (_, i) => [`${letter}${from + i}`, weight]),
  );

test.each([
  [{}, '0'],
  [{ t: 1 }, 't'],
  [{ t: -1 }, '−t'],
  [{ t: 1, n1: -1 }, 't − n1'],
  [{ '1': -1, t: 0.93, n1: 1 }, '0.93·t + n1 − 1'],
  [{ t: 2, n1: 0 }, '2·t'],
  [numbered('x', 3, 27), 'Σ x[3..27]'],
  [{ ...numbered('x', 1, 4), ...numbered('x', 5, 8, -1) }, 'Σ x[1..4] − Σ x[5..8]'],
  [numbered('x', 1, 3), 'x1 + x2 + x3'],
  [{ ...numbered('x', 1, 4, 0.5), y: 1 }, '0.50·Σ x[1..4] + y'],
])('the sum %j', (weights, text) => {
  expect(sumFormula(weighted(weights)).text).toBe(text);
});

test.each([
  [{}, '1'],
  [{ '1': 1 }, '1'],
  [{ p: 1, b: 1 }, 'p · b'],
  [{ p: 1, b: -1 }, 'p ÷ b'],
  [{ p: -1, b: -2 }, '1 ÷ (p · b²)'],
  [{ x: 2 }, 'x²'],
  [{ x: 0.5 }, '√x'],
  [{ x: -0.5 }, '1 ÷ √x'],
  [{ x: 0.43, y: 4 }, 'x^0.43 · y^4'],
  [numbered('x', 1, 5), 'Π x[1..5]'],
  [{ ...numbered('x', 1, 5, -2), y: 1 }, 'y ÷ (Π x[1..5])²'],
])('the product %j', (weights, text) => {
  expect(productFormula(weighted(weights)).text).toBe(text);
});

test('one formula inside another stands in parentheses where it must', () => {
  const sum = sumFormula(weighted({ a: 1, b: 1 }));
  const product = productFormula(weighted({ a: 1, b: -1 }));
  const two = [sum, product];
  const each = (weight: number) => two.map((of) => ({ weight, of }));
  expect(sumFormula(each(1)).text).toBe('(a + b) + a ÷ b');
  expect(sumFormula(each(-1)).text).toBe('−(a + b) − a ÷ b');
  expect(sumFormula(each(2)).text).toBe('2·(a + b) + 2·(a ÷ b)');
  expect(productFormula(each(1)).text).toBe('(a + b) · (a ÷ b)');
  expect(productFormula([{ weight: 0.5, of: sum }]).text).toBe('√(a + b)');
});

test('a selecting sum for each of two slices, then a quotient', () => {
  const x = names(...Array.from({ length: 50 }, (_, i) => `x${i}`));
  const sums = new Float32Array(100);
  for (let i = 3; i <= 27; i++) sums[2 * i] = 0.98;
  for (let i = 16; i <= 40; i++) sums[2 * i + 1] = 1.02;
  const selected = cellFormulas({ sums, powers: null, gate: null }, x);
  const powers = Float32Array.of(1, -1);
  const [y] = cellFormulas({ sums: null, powers, gate: null }, selected);
  expect(y!.text).toBe('Σ x[3..27] ÷ Σ x[16..40]');
});

test.each([
  [1, 't − n'],
  [0.97, 't − n'],
  [0.01, 't ÷ n'],
  [0.3, '0.30·(t − n) + 0.70·(t ÷ n)'],
  [null, 't − n or t ÷ n'],
])('a gate of %s', (open, text) => {
  const weights = Float32Array.of(1, -1);
  const gate = open === null ? null : Float32Array.of(open);
  const [y] = cellFormulas({ sums: weights, powers: weights, gate }, names('t', 'n'));
  expect(y!.text).toBe(text);
});

test('a gate between two that are the same is not worth a word', () => {
  const weights = Float32Array.of(1, 0);
  const [y] = cellFormulas({ sums: weights, powers: weights, gate: null }, names('t', 'n'));
  expect(y!.text).toBe('t');
});

test('weights near whole ones are read as those', () => {
  expect([0.97, -1.04, 0.02, -0.03, 2.01, 0.43, -0.876].map(readWeight)).toEqual([
    1, -1, 0, 0, 2, 0.43, -0.88,
  ]);
});

test.each(cells)('any cell can be read: $id', (cell) => {
  const specs = cell.parameters('c', 3, 2);
  const layout = layoutOf(specs);
  const vector = new Float32Array(layout.size);
  initialise(specs, 1, vector);
  const formulas = cellFormulas(cell.read(views(layout, vector), 'c', 3), names('a', 'b', 'c'));
  expect(formulas).toHaveLength(2);
  for (const { text } of formulas) expect(text).not.toMatch(/NaN|undefined/);
});
