import * as z from 'zod';
import { namesSetting, seedsSetting } from '../task-settings.ts';
import type { DigitData } from './digit-data.ts';
import { QUESTIONS, type Question } from './model.ts';
import { recurrentCells } from './recurrent-cells.ts';

export const cellIds = recurrentCells.map(({ id }) => id);
export const questions = Object.keys(QUESTIONS) as Question[];

/** Its settings, with the defaults of the results of record. */
export const digitsSettings = z.strictObject({
  questions: namesSetting(questions, 'what is asked: how many of each digit, or their sum'),
  cells: namesSetting(cellIds, 'what adds up the pictures'),
  seeds: seedsSetting(3),
  iterations: z.int().min(2).max(1_000_000).default(3000).describe('training steps'),
  shortest: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('length of the shortest training sequences'),
  longest: z.int().min(1).max(100).default(10).describe('length of the longest training sequences'),
  each: z.int().min(1).max(64).default(2).describe('training sequences of each length in a step'),
  learningRate: z.number().gt(0).max(1).default(0.003).describe('peak learning rate of Adam'),
  drawn: z
    .int()
    .min(30)
    .max(100_000)
    .default(30_000)
    .describe('digits drawn for training, and a third as many for the test, without --data'),
  lengths: z
    .array(z.int().min(1).max(10_000))
    .min(1)
    .default([10, 100, 1000])
    .describe('lengths of the test sequences')
    .meta({ takes: 'whole numbers, such as 10,100,1000' }),
  pictures: z
    .int()
    .min(20)
    .max(10_000_000)
    .default(100_000)
    .describe('pictures in all test sequences of one length together'),
});

export type DigitsSettings = z.infer<typeof digitsSettings>;
/** Settings of one run. */
export type DigitsRun = Omit<DigitsSettings, 'questions' | 'cells' | 'drawn'> & {
  readonly question: Question;
  readonly cell: string;
  readonly data: DigitData;
};
