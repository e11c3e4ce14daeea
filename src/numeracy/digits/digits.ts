import { batchLayout, copyViews } from '../../../agent/model-batch.ts';
import { UsageError } from '../../common/errors.ts';
import type { Task } from '../task.ts';
import { describeData, measuringDigits, trainingDigits } from './digit-data.ts';
import { evaluateCopy } from './evaluate-digits.ts';
import { parametersOf } from './model.ts';
import { reportDigits } from './report.ts';
import { type DigitsResult, digitsResult } from './score.ts';
import {
  cellIds,
  type DigitsRun,
  type DigitsSettings,
  digitsSettings,
  questions,
} from './settings.ts';
import { trainDigits } from './train-digits.ts';

/** A stream of handwritten digits: how many of each there are, or what they add up to. */
export const digits: Task<DigitsSettings, DigitsRun, DigitsResult> = {
  id: 'digits',
  title: 'Count and add handwritten digits',
  summary: 'Can a net that learned from up to ten handwritten digits count and add up a thousand?',
  source: 'Trask et al. 2018, section 4.2 and table 2',
  schema: digitsSettings,
  quick: {
    ...{ seeds: [1], cells: ['nac', 'lstm'], iterations: 700, learningRate: 0.005 },
    ...{ drawn: 5000, pictures: 20_000 },
  },
  result: digitsResult,
  takesData: true,
  async runs({ questions: asked, cells, drawn, ...settings }, { dataFolder }) {
    if (settings.shortest > settings.longest) {
      throw new UsageError(
        `the task digits: "shortest" is ${settings.shortest}, more than "longest", ${settings.longest}`,
      );
    }
    const data = describeData(dataFolder, drawn);
    return questions
      .filter((question) => asked.includes(question))
      .flatMap((question) =>
        cellIds
          .filter((cell) => cells.includes(cell))
          .map((cell) => ({
            name: `${question}, ${cell}`,
            settings: { ...settings, question, cell, data },
          })),
      );
  },
  train: async ({ settings }, { dataFolder }) =>
    trainDigits(trainingDigits(settings.data, dataFolder), settings),
  async evaluate({ settings }, { parameters }, { dataFolder }) {
    const measured = measuringDigits(settings.data, dataFolder);
    const copies: DigitsResult['copies'] = [];
    const M = settings.seeds.length;
    const layout = batchLayout(parametersOf(settings), M);
    for (const [m, seed] of settings.seeds.entries()) {
      const own = Object.values(copyViews(layout, M, parameters!, m)).flatMap((part) => [...part]);
      copies.push({ seed, ...(await evaluateCopy(Float32Array.from(own), measured, settings)) });
    }
    const { validation, test } = measured;
    return {
      copies,
      pictures: { validation: validation.labels.length, test: test.labels.length },
    };
  },
  report: reportDigits,
};
