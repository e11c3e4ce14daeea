import * as z from 'zod';
import { UsageError } from '../../common/errors.ts';
import type { Task, TaskRun } from '../task.ts';
import { namesSetting, seedsSetting } from '../task-settings.ts';
import { testNetwork, testSelector } from './evaluate.ts';
import {
  isTrained,
  MODELS,
  type ModelName,
  type NetworkName,
  ownNetwork,
  SELECTOR,
} from './networks.ts';
import { FORM_NAMES, type FormName, OPERATIONS, type Operation } from './problem.ts';
import { reportArithmetic } from './report.ts';
import { type ArithmeticResult, arithmeticResult } from './score.ts';
import { trainNetwork } from './train-network.ts';
import { trainSelector } from './train-selector.ts';

const schema = z.strictObject({
  operations: namesSetting(OPERATIONS, 'what is computed from the sums of two slices, a and b'),
  forms: namesSetting(FORM_NAMES, 'all inputs at once (static), or over ten steps (recurrent)'),
  models: namesSetting(
    MODELS,
    `${SELECTOR}, trained by second-order steps, and the models trained by Adam`,
  ),
  seeds: seedsSetting(25),
  samples: z.int().min(10).max(100_000).default(2000).describe(`training samples of ${SELECTOR}`),
  steps: z.int().min(1).max(10_000).default(150).describe('maximum number of second-order steps'),
  iterations: z.int().min(1).max(10_000_000).default(20_000).describe('steps of Adam, static'),
  sumIterations: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(100_000)
    .describe('the same for nac and nau, which are cheap'),
  recurrentIterations: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(3000)
    .describe('steps of Adam, recurrent'),
  batch: z.int().min(1).max(4096).default(32).describe('samples in each step of Adam'),
  learningRate: z.number().gt(0).max(1).default(0.03).describe('learning rate of Adam'),
});

type Settings = z.infer<typeof schema>;

/** Of the cell, or of a network: what the other does not use is left out, so that it changes nothing. */
type RunSettings = {
  readonly operation: Operation;
  readonly form: FormName;
  readonly seeds: readonly number[];
  /** Of a cell of the person's own. */
  readonly fingerprint?: string;
} & (
  | { readonly model: typeof SELECTOR; readonly samples: number; readonly steps: number }
  | {
      readonly model: NetworkName;
      readonly iterations: number;
      readonly batch: number;
      readonly learningRate: number;
      readonly lastRate?: number;
    }
);

/** Sums and products of two sums that have to be found among the inputs. */
export const arithmetic: Task<Settings, RunSettings, ArithmeticResult> = {
  id: 'arithmetic',
  title: 'Arithmetic on selected inputs',
  summary: 'Can a cell find two sums among 100 inputs, and what is computed from them?',
  source: 'Trask et al. 2018, section 4.1; Madsen and Johansen 2020, section 4.1',
  schema,
  quick: {
    forms: ['static'],
    models: [SELECTOR, 'nac', 'nalu'],
    seeds: [1, 2, 3],
    iterations: 2000,
    sumIterations: 4000,
  },
  result: arithmeticResult,
  takesCells: true,
  async runs(settings, { ownCells = [] }) {
    const { operations, forms, models } = settings;
    const runs = FORM_NAMES.filter((form) => forms.includes(form)).flatMap((form) =>
      OPERATIONS.filter((operation) => operations.includes(operation)).flatMap((operation) => [
        ...MODELS.filter((model) => models.includes(model)).flatMap((model) =>
          runOf(settings, form, operation, model),
        ),
        ...ownCells.flatMap(({ id, source }) =>
          runOf(settings, form, operation, ownNetwork(id), { fingerprint: source.version }),
        ),
      ]),
    );
    if (runs.length > 0) return runs;
    throw new UsageError(
      `the task arithmetic has nothing to train: none of the "models" does any of the "operations" in any of the "forms" (${models.join(', ')} on ${operations.join(', ')}, ${forms.join(', ')})`,
    );
  },
  train: ({ settings }) =>
    settings.model === SELECTOR
      ? trainSelector({ ...settings, kept: settings.samples >> 1 })
      : trainNetwork({ ...settings, network: settings.model }),
  evaluate: async ({ settings }, trained) =>
    settings.model === SELECTOR
      ? testSelector(settings, trained)
      : testNetwork({ ...settings, network: settings.model }, trained),
  report: reportArithmetic,
};

/** Networks that only add and subtract. */
const SUMS_ONLY: ReadonlySet<ModelName | NetworkName> = new Set(['nac', 'nau']);
/** A training so long has to end with smaller steps: their noise alone would be above the limit of success. */
const LONG_LAST_RATE = 1e-4;

function runOf(
  settings: Settings,
  form: FormName,
  operation: Operation,
  model: ModelName | NetworkName,
  own: { readonly fingerprint?: string } = {},
): TaskRun<RunSettings>[] {
  const { seeds, samples, steps, batch, learningRate } = settings;
  const isStatic = form === 'static';
  const name = `${operation}, ${model}${isStatic ? '' : ', recurrent'}`;
  const shared = { operation, form, seeds, ...own };
  if (model === SELECTOR) return [{ name, settings: { ...shared, model, samples, steps } }];
  if (!isTrained(model, operation, form)) return [];
  const shown = { ...shared, model, batch, learningRate };
  if (!isStatic) {
    return [{ name, settings: { ...shown, iterations: settings.recurrentIterations } }];
  }
  if (!SUMS_ONLY.has(model)) {
    return [{ name, settings: { ...shown, iterations: settings.iterations } }];
  }
  return [
    { name, settings: { ...shown, iterations: settings.sumIterations, lastRate: LONG_LAST_RATE } },
  ];
}
