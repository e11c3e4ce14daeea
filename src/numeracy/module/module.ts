import * as z from 'zod';
import { UsageError } from '../../common/errors.ts';
import type { Task } from '../task.ts';
import { namesSetting, seedsSetting } from '../task-settings.ts';
import { evaluateModel } from './evaluate.ts';
import { modelOf, models, SECOND_ORDER } from './models.ts';
import { reportModule } from './report.ts';
import { type ModuleResult, moduleResult } from './score.ts';
import { trainByAdam } from './train-adam.ts';
import { trainBySecondOrder } from './train-second-order.ts';

const ids = models.map(({ id }) => id);

const schema = z.strictObject({
  cells: namesSetting(ids, `cells trained by Adam, and ${SECOND_ORDER}`),
  inputs: z
    .array(z.int().min(2).max(100))
    .min(1)
    .default([2, 10])
    .describe('number of inputs of a cell, of which two matter')
    .meta({ takes: 'whole numbers from 2, such as "2,10" or [2, 10]' }),
  seeds: seedsSetting(25),
  iterations: z.int().min(1).max(1_000_000).default(10_000).describe('steps of Adam'),
  batch: z.int().min(1).max(4096).default(16).describe('samples in each step of Adam'),
});

type Settings = z.infer<typeof schema>;
type RunSettings = Omit<Settings, 'cells' | 'inputs'> & {
  readonly cell: string;
  readonly inputs: number;
  /** Of a cell of the person's own. */
  readonly fingerprint?: string;
};

/** One arithmetic cell alone: which operations it finds, from numbers of which range. */
export const module: Task<Settings, RunSettings, ModuleResult> = {
  id: 'module',
  title: 'One cell alone',
  summary: 'Which cell finds which operation on two of its inputs, from which range of numbers?',
  source: 'Mistry, Farrahi and Hare 2022, the single module arithmetic task',
  schema,
  quick: { cells: ['nau', 'nmru', SECOND_ORDER], inputs: [2], seeds: [1, 2, 3], iterations: 3000 },
  result: moduleResult,
  takesCells: true,
  async runs({ cells: chosen, inputs: sizes, ...settings }, { ownCells = [] }) {
    const taken = ownCells.find(({ id }) => ids.includes(id));
    if (taken) {
      throw new UsageError(
        `${taken.source.given}: the task module has a model ${taken.id} already; choose another id`,
      );
    }
    const own = ownCells.map(({ id, source }) => ({ cell: id, fingerprint: source.version }));
    const all = [...ids.filter((cell) => chosen.includes(cell)).map((cell) => ({ cell })), ...own];
    return sizes.flatMap((inputs) =>
      all.map((cell) => ({
        name: `${cell.cell}, ${inputs} inputs`,
        settings: { ...settings, ...cell, inputs },
      })),
    );
  },
  async train({ settings }) {
    const model = modelOf(settings.cell);
    return model.adam ? trainByAdam(model, settings) : trainBySecondOrder(settings);
  },
  evaluate: ({ settings }, trained) => evaluateModel(modelOf(settings.cell), settings, trained),
  report: reportModule,
};
