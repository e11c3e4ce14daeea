/** The geometry of square grids. A cell is a number, row by row from the top left: row × size + column. */

import type { Random } from '../../random.ts';

/** The actions, by number. */
export const MOVES = ['up', 'down', 'left', 'right', 'pass'] as const;

/** The cell that an action leads to; a step over the edge stays. */
export function neighbour(cell: number, action: number, size: number): number {
  const column = cell % size;
  if (action === 0) return cell >= size ? cell - size : cell;
  if (action === 1) return cell < size * (size - 1) ? cell + size : cell;
  if (action === 2) return column > 0 ? cell - 1 : cell;
  if (action === 3) return column < size - 1 ? cell + 1 : cell;
  return cell;
}

/** The middle of a cell, in fractions of the picture. */
export function centre(cell: number, size: number): { readonly x: number; readonly y: number } {
  return { x: ((cell % size) + 0.5) / size, y: (Math.floor(cell / size) + 0.5) / size };
}

/** The steps from one cell to another where nothing is in the way. */
export function stepsBetween(from: number, to: number, size: number): number {
  const columns = Math.abs((from % size) - (to % size));
  return columns + Math.abs(Math.floor(from / size) - Math.floor(to / size));
}

/** The length of the shortest way from one cell to each, −1 where there is none; breadth first. */
export function distances(
  size: number,
  from: number,
  isOpen: (cell: number) => boolean,
): Int32Array {
  const steps = new Int32Array(size * size).fill(-1);
  steps[from] = 0;
  const reached = [from];
  for (const cell of reached) {
    for (let action = 0; action < 4; action++) {
      const next = neighbour(cell, action, size);
      if (steps[next] !== -1 || !isOpen(next)) continue;
      steps[next] = steps[cell]! + 1;
      reached.push(next);
    }
  }
  return steps;
}

/** Every cell for which `holds` is true, ascending. */
export function cellsWhere(size: number, holds: (cell: number) => boolean): number[] {
  const found: number[] = [];
  for (let cell = 0; cell < size * size; cell++) if (holds(cell)) found.push(cell);
  return found;
}

/** One of several, each equally likely. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.integer(0, items.length - 1)]!;
}

/** Takes one of several out, each equally likely. */
export function take<Item>(random: Random, items: Item[]): Item {
  return items.splice(random.integer(0, items.length - 1), 1)[0]!;
}

/** Two different cells, every pair equally likely. */
export function twoCells(random: Random, size: number): [number, number] {
  const first = random.integer(0, size * size - 1);
  const second = random.integer(0, size * size - 2);
  return [first, second < first ? second : second + 1];
}
