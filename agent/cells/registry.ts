import { Registry } from '../registry.ts';
import type { Cell } from './cell.ts';
import { cells } from './index.ts';

const registry = new Registry<Cell>('cell');

/** Makes a cell known by its id. @throws ConfigError for a malformed id or one that is taken */
export const registerCell = (cell: Cell): void => registry.register(cell);

for (const cell of cells) registerCell(cell);

/** Every registered cell: those of this package, then others in the order of registration. */
export const registeredCells = (): Cell[] => registry.all;

/** @param id of a registered cell */
export const registeredCell = (id: string): Cell | undefined => registry.find(id);
