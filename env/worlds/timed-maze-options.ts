import * as z from 'zod';
import { cellsWhere, distances } from './base/grid.ts';
import {
  colour,
  consistent,
  drawable,
  gridOptions,
  ordered,
  timeOptions,
} from './base/grid-options.ts';

const usual = { size: 4, pixels: 32, timeMin: 6, timeMax: 12, slack: 12 };

/** The options of a timed maze. */
export const options = z
  .strictObject({
    ...gridOptions(usual),
    targetColour: colour('target', 255, 0, 0),
    wallColour: colour('walls', 30, 60, 160),
    walls: z
      .int()
      .min(0)
      .max(4096)
      .default(2)
      .describe('walls of a random maze; fewer where more would cut it in two'),
    levels: z
      .array(z.array(z.string()))
      .default([])
      .describe('mazes to choose from instead, each a list of rows')
      .meta({
        takes:
          'a list of levels such as ["A.#", "..#", "#.T"]: # wall, . floor, A the agent, T the target; a missing A or T is placed at random',
      }),
    ...timeOptions(usual),
  })
  .check(
    consistent((value) => [
      ordered(value, 'timeMin', 'timeMax'),
      drawable(value),
      ...value.levels.map((rows, i) => levelProblem(rows, value, `levels[${i}]`)),
    ]),
  );

export type TimedMazeInput = z.input<typeof options>;
export type TimedMazeOptions = z.infer<typeof options>;

/** A level as a grid. */
export interface Level {
  /** Whether each cell is a wall. */
  readonly walls: readonly boolean[];
  /** −1 where it is placed at random, as is `agent`. */
  readonly target: number;
  readonly agent: number;
}

/** @param rows of a level that `options` accepted */
export function readLevel(rows: readonly string[]): Level {
  const cells = rows.join('');
  return {
    walls: Array.from(cells, (cell) => cell === '#'),
    target: cells.indexOf('T'),
    agent: cells.indexOf('A'),
  };
}

/** What is wrong with a level, in a sentence. */
function levelProblem(
  rows: readonly string[],
  { size, timeMin }: { readonly size: number; readonly timeMin: number },
  name: string,
): string | undefined {
  const isSquare = rows.length === size && rows.every((row) => row.length === size);
  if (!isSquare)
    return `${name} must be ${size} rows of ${size} characters, as size (${size}) says`;
  const cells = rows.join('');
  const strange = /[^#.AT]/.exec(cells)?.[0];
  if (strange !== undefined) {
    return `${name} contains "${strange}"; a level is made of # (wall), . (floor), A (agent) and T (target)`;
  }
  for (const letter of 'AT') {
    if (cells.split(letter).length > 2) return `${name} has more than one ${letter}`;
  }
  const { walls, target, agent } = readLevel(rows);
  const floor = cellsWhere(size, (cell) => !walls[cell]);
  if (floor.length < 2) return `${name} needs at least two cells that are not wall`;
  const steps = distances(size, floor[0]!, (cell) => !walls[cell]);
  const cut = floor.find((cell) => steps[cell] === -1);
  if (cut !== undefined) {
    const [row, column] = [Math.floor(cut / size) + 1, (cut % size) + 1];
    return `${name} is cut in two: row ${row}, column ${column} cannot be reached from its first cell`;
  }
  if (target < 0 || agent < 0) return undefined;
  const way = distances(size, target, (cell) => !walls[cell])[agent]!;
  if (way <= timeMin) return undefined;
  return `${name} takes ${way} steps from A to T, more than timeMin (${timeMin})`;
}
