import type { BatchedModel } from '../../../agent/model-batch.ts';
import * as tf from '../../../agent/tf.ts';
import { adamTraining } from '../adam-training.ts';
import { DrawnNumbers } from '../drawn-numbers.ts';
import type { Task, TaskTraining } from '../task.ts';
import { evaluateLanguage } from './evaluate-language.ts';
import { lstmReader } from './lstm-reader.ts';
import { MODELS, READER_NAMES } from './models.ts';
import { reportLanguage } from './report.ts';
import { type LanguageResult, languageResult } from './score.ts';
import {
  FURTHER,
  isReckoner,
  type LanguageRun,
  type LanguageSettings,
  type LstmRun,
  languageSettings,
  RANGE_NAMES,
} from './settings.ts';
import { RANGES, splitNumbers } from './split.ts';
import { trainReckoner } from './train-reckoner.ts';
import { mostWords, oneHot, V } from './word-input.ts';

/** English number expressions to numbers. */
export const language: Task<LanguageSettings, LanguageRun, LanguageResult> = {
  id: 'language',
  title: 'Read numbers in words',
  summary:
    'Can a net that learned 169 expressions such as “two hundred and thirty nine” read all the others?',
  source: 'Trask et al. 2018, section 4.4',
  schema: languageSettings,
  quick: {
    seeds: [1, 2, 3],
    models: ['nalu', 'scaled', 'reckoner'],
    ranges: ['to-1000'],
    iterations: 600,
  },
  result: languageResult,
  runs: async ({ models, ranges, furtherSeeds, seeds, starts, beyond, ...lstm }) =>
    RANGE_NAMES.filter((range) => ranges.includes(range)).flatMap((range) =>
      READER_NAMES.filter((model) => models.includes(model))
        .filter((model) => range === 'to-1000' || FURTHER.includes(model))
        .map((model) => {
          const own = range === 'to-1000' ? seeds : seeds.slice(0, furtherSeeds);
          const one = { range, seeds: own, beyond };
          return {
            name: `${model}, ${range}`,
            settings: model === 'reckoner' ? { ...one, model, starts } : { ...one, model, ...lstm },
          };
        }),
    ),
  train: async ({ settings }) =>
    isReckoner(settings)
      ? trainReckoner(settings.seeds, RANGES[settings.range], settings.starts)
      : trainLstm(settings),
  evaluate: ({ settings }, trained) => evaluateLanguage(settings, trained),
  report: reportLanguage,
};

/** The LSTMs learn by their mean absolute error, which is also what is measured. */
function trainLstm(run: LstmRun): Promise<TaskTraining> {
  const { model, seeds, iterations, hidden, learningRate } = run;
  const range = RANGES[run.range];
  const { head, isScaled } = MODELS[model];
  const L = mostWords(range.greatest);
  const B = Math.min(run.batch, range.train);
  const M = seeds.length;
  const reader = lstmReader(head, hidden);
  const batched: BatchedModel = {
    name: `language, ${model}`,
    parameters: reader.parameters,
    inputs: {
      words: { shape: [M, B, L * V], dtype: 'float32' },
      y: { shape: [M, B, 1], dtype: 'float32' },
    },
    loss: (parameters, { words, y }) =>
      tf.mean(tf.abs(tf.sub(reader.apply(parameters, words!), y!)), [1, 2]) as tf.Tensor1D,
  };
  const examples = seeds.map((seed) => {
    const { train } = splitNumbers(seed, range);
    const unit = isScaled ? range.greatest : 1;
    return { words: oneHot(train, L), y: train.map((number) => number / unit) };
  });
  const words = new Float32Array(M * B * L * V);
  const y = new Float32Array(M * B);
  return adamTraining({
    model: batched,
    seeds,
    steps: iterations,
    learningRate: (i) => (learningRate / 2) * (1 + Math.cos((Math.PI * i) / iterations)),
    feeds(i) {
      for (const [m, own] of examples.entries()) {
        const draws = new DrawnNumbers(`language/train/${seeds[m]}/${i}`);
        for (let b = 0; b < B; b += 1) {
          const n = B === range.train ? b : draws.integer(0, range.train - 1);
          words.set(own.words.subarray(n * L * V, (n + 1) * L * V), (m * B + b) * L * V);
          y[m * B + b] = own.y[n]!;
        }
      }
      return { words, y };
    },
  });
}
