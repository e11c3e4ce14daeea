import type { Cell } from '../../../agent/cells/cell.ts';
import { inalu } from '../../../agent/cells/inalu.ts';
import { cells } from '../../../agent/cells/index.ts';
import { registeredCell } from '../../../agent/cells/registry.ts';

/** What the names of a cell's parameters begin with. */
export const NAME = 'cell';

/** A cell, and how it is trained. */
export interface Model {
  readonly id: string;
  readonly cell: Cell;
  /** Of Adam; null for second-order steps. */
  readonly adam: { readonly learningRate: number; readonly pull: number } | null;
}

/** The authors of a neural power unit take half as much as the others; those of the first three cells do not pull their weights. */
const ADAM: Readonly<Record<string, { learningRate?: number; pull?: number }>> = {
  npu: { learningRate: 0.005, pull: 0 },
  nac: { pull: 0 },
  nalu: { pull: 0 },
  'nalu-two': { pull: 0 },
};

export const SECOND_ORDER = 'inalu-second-order';

const trainedByAdam = (cell: Cell): Model => ({
  id: cell.id,
  cell,
  adam: { learningRate: 0.01, pull: 0.01, ...ADAM[cell.id] },
});

/** Every cell of this package trained by Adam, and one by second-order steps. */
export const models: readonly Model[] = [
  ...cells.map(trainedByAdam),
  { id: SECOND_ORDER, cell: inalu, adam: null },
];

/** @param id of one of them, or of a registered cell */
export const modelOf = (id: string): Model =>
  models.find((model) => model.id === id) ?? trainedByAdam(registeredCell(id)!);
