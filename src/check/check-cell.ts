import type { Cell } from '../../agent/cells/cell.ts';
import type { Report } from '../../env/conformance/index.ts';
import { cellRules } from './cell-rules.ts';
import { CellSubject } from './cell-subject.ts';
import { judge } from './judge.ts';

/** Inputs and outputs of the cells that are judged. */
const SIZES = [
  [3, 2],
  [1, 1],
] as const;

/**
 * Judges an arithmetic cell by every rule, with several numbers of inputs and outputs.
 * @param onRule is called before each rule is judged
 */
export async function checkCell(
  cell: Cell,
  onRule: (id: string) => void = () => {},
): Promise<Report> {
  const trials = SIZES.map(([inputs, outputs], i) => ({
    make: () => new CellSubject(cell, inputs, outputs),
    where: i === 0 ? '' : ` (with ${inputs} inputs and ${outputs} outputs)`,
  }));
  const rules = await judge(cellRules, trials, onRule);
  const ok = rules.every(({ outcome }) => outcome === 'kept');
  return { id: cell.id, options: {}, ok, rules, speed: null };
}
