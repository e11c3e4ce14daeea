import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsWhere, centre, distances, neighbour } from '../../../../env/worlds/base/grid.ts';

const sizes = fc.integer({ min: 1, max: 9 });

test('a move goes one cell in its direction, or stays at the edge', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.integer({ min: 0, max: 4 }), (size, number, action) => {
      const cell = number % size ** 2;
      const [dx, dy] = [
        [0, -1],
        [0, 1],
        [-1, 0],
        [1, 0],
        [0, 0],
      ][action] as [number, number];
      const [x, y] = [(cell % size) + dx, Math.floor(cell / size) + dy];
      const inside = x >= 0 && y >= 0 && x < size && y < size;
      expect(neighbour(cell, action, size)).toBe(inside ? y * size + x : cell);
    }),
    { seed: 1 },
  );
});

test('the middle of a cell', () => {
  expect(centre(0, 2)).toEqual({ x: 0.25, y: 0.25 });
  expect(centre(5, 3)).toEqual({ x: 2.5 / 3, y: 1.5 / 3 });
});

test('distances on a floor that a person can read', () => {
  const floor = ['..#.', '.##.', '....', '#.#.'].join('');
  const steps = distances(4, 0, (cell) => floor[cell] === '.');
  expect([...steps]).toEqual([0, 1, -1, 7, 1, -1, -1, 6, 2, 3, 4, 5, -1, 4, -1, 6]);
});

test('without walls the distance is the sum of rows and columns', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (size, number) => {
      const from = number % size ** 2;
      const steps = distances(size, from, () => true);
      for (const cell of cellsWhere(size, () => true)) {
        const columns = Math.abs((cell % size) - (from % size));
        const rows = Math.abs(Math.floor(cell / size) - Math.floor(from / size));
        expect(steps[cell]).toBe(columns + rows);
      }
    }),
    { seed: 1 },
  );
});
