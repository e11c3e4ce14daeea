import { known } from '../measures.ts';
import type { TaskRun } from '../task.ts';
import { SECOND_ORDER } from './models.ts';
import { type OperationName, operationNames, RANGES } from './problems.ts';
import { isFound, type ModuleResult } from './score.ts';

export interface MeasuredCell {
  readonly run: TaskRun;
  readonly result: ModuleResult;
}

/** What some models of one cell reached: those of one operation, or of one range of it. */
export interface Tally {
  readonly models: number;
  /** How many found the operation as they were trained, and how many once their weights were whole. */
  readonly trained: number;
  readonly whole: number;
  /** Of those that found it as they were trained, once or the other way: steps, and distances of weights. */
  readonly steps: readonly number[];
  readonly sparsity: readonly number[];
}

/** Everything that one run reached, counted. */
export interface CellLine {
  readonly cell: string;
  readonly inputs: number;
  readonly isSecondOrder: boolean;
  /** For each operation, one for each range. */
  readonly ranges: Readonly<Record<OperationName, readonly Tally[]>>;
}

export function lineOf({ run: { settings }, result: { copies } }: MeasuredCell): CellLine {
  const tally = (operation: OperationName, range: number): Tally => {
    const models = copies.map((copy) => ({
      ratio: copy.ratio[operation][range]!,
      whole: copy.wholeRatio[operation][range]!,
      sparsity: copy.sparsity[operation][range]!,
      solvedAt: copy.solvedAt[operation][range]!,
    }));
    const trained = models.filter(({ ratio }) => isFound(ratio));
    const whole = models.filter((model) => isFound(model.whole));
    return {
      models: models.length,
      trained: trained.length,
      whole: whole.length,
      steps: known(trained.map(({ solvedAt }) => solvedAt)),
      sparsity: known(whole.map(({ sparsity }) => sparsity)),
    };
  };
  const cell = settings.cell as string;
  return {
    cell,
    inputs: settings.inputs as number,
    isSecondOrder: cell === SECOND_ORDER,
    ranges: Object.fromEntries(
      operationNames.map((name) => [name, RANGES.map((_, range) => tally(name, range))]),
    ) as unknown as CellLine['ranges'],
  };
}

/** All tallies of a line together, or those of one operation. */
export function total({ ranges }: CellLine, operation?: OperationName): Tally {
  const tallies = operation ? ranges[operation] : operationNames.flatMap((name) => ranges[name]);
  return tallies.reduce((sum, tally) => ({
    models: sum.models + tally.models,
    trained: sum.trained + tally.trained,
    whole: sum.whole + tally.whole,
    steps: [...sum.steps, ...tally.steps],
    sparsity: [...sum.sparsity, ...tally.sparsity],
  }));
}
