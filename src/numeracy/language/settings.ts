import * as z from 'zod';
import { namesSetting, seedsSetting } from '../task-settings.ts';
import { READER_NAMES, type ReaderName } from './models.ts';
import type { RANGES } from './split.ts';

export const RANGE_NAMES = ['to-1000', 'to-9999'] as const;

/** Models that also learn numbers up to 9,999. */
export const FURTHER: readonly ReaderName[] = ['nalu', 'scaled', 'reckoner'];

export const languageSettings = z.strictObject({
  models: namesSetting(READER_NAMES, 'models'),
  ranges: namesSetting(RANGE_NAMES, 'how far the training numbers go'),
  seeds: seedsSetting(25),
  furtherSeeds: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('maximum number of seeds trained up to 9,999'),
  iterations: z.int().min(1).max(1_000_000).default(3000).describe('steps of the LSTMs'),
  batch: z
    .int()
    .min(1)
    .max(4096)
    .default(169)
    .describe('numbers in each step of the LSTMs, at most'),
  hidden: z.int().min(1).max(1024).default(32).describe('units of the LSTMs'),
  learningRate: z
    .number()
    .gt(0)
    .max(1)
    .default(0.03)
    .describe('initial learning rate of the LSTMs'),
  starts: z
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .describe('maximum number of starts of the reckoner'),
  beyond: z.int().min(1).max(100_000).default(2000).describe('test numbers beyond 9,999'),
});

export type LanguageSettings = z.infer<typeof languageSettings>;

type OneRun = Readonly<Record<string, number | string | readonly number[]>> & {
  readonly range: keyof typeof RANGES;
  readonly seeds: readonly number[];
  readonly beyond: number;
};
export type LstmRun = OneRun & {
  readonly model: Exclude<ReaderName, 'reckoner'>;
  readonly iterations: number;
  readonly batch: number;
  readonly hidden: number;
  readonly learningRate: number;
};
export type ReckonerRun = OneRun & { readonly model: 'reckoner'; readonly starts: number };
/** What decides a run: of the settings, those of its own kind. */
export type LanguageRun = LstmRun | ReckonerRun;

export const isReckoner = (run: LanguageRun): run is ReckonerRun => run.model === 'reckoner';
