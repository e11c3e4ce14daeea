import fs from 'node:fs';
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Failure, UsageError } from '../common/errors.ts';
import { thisMachine } from '../common/machine.ts';
import { writeWithin } from '../common/output.ts';
import { parseJson } from '../common/parse-json.ts';
import { readText } from '../common/read-file.ts';
import { evaluateRun, numberTaskOf } from '../evaluate/evaluate-run.ts';
import type { Evaluation } from '../evaluate/results.ts';
import { holdsRun, openRun, type Run, readRunMetrics } from '../run/folder.ts';
import type { Lock } from '../run/lock.ts';
import { asBefore } from '../run/train-settings.ts';
import type { PlannedRun } from './planned-run.ts';
import { type LearningPoint, type Result, resultSchema } from './result.ts';
import { requireSameTraining, trainingOf } from './same-training.ts';

/** Of a learning curve. */
const MOST_POINTS = 40;

/**
 * The result of a run, if it has one with the declared numbers and episodes.
 * @throws Failure for a file that is not a result; UsageError for the result of another training, or one that could not be replaced
 */
export function savedResult(run: PlannedRun): Result | undefined {
  if (!fs.existsSync(run.result)) return undefined;
  const result = parseResult(readText(run.result));
  if (!result) {
    throw new Failure(
      `${run.result} is not a study's result: delete it and run the same command again to regenerate it`,
    );
  }
  const { settings } = result.of;
  const before = { ...settings, config: asBefore(settings.config) };
  requireSameTraining(run.result, before, trainingOf(run.settings));
  if (!isDeepStrictEqual(result.of.occasions, run.occasions)) {
    if (holdsRun(run.path)) return undefined;
    throw new UsageError(
      `${run.result} has other numbers or episodes than the study, and its run in ${run.path} is gone: declare them as they were, or move the result away to train the run again`,
    );
  }
  return named(run, result);
}

/**
 * Saves a result that another process made of a run with the same key, as that of this run.
 * @param text as its file has it
 * @param from what errors call it, such as the job that made it
 * @param lock asked right before the result is written
 * @throws Failure for what is no result of this run
 */
export function adoptResult(
  run: PlannedRun,
  text: string,
  from: string,
  lock: Pick<Lock, 'requireHeld'>,
): Result {
  const result = parseResult(text);
  const of = { settings: trainingOf(run.settings), occasions: run.occasions };
  if (!result || !isDeepStrictEqual(result.of, of) || !isAsAsked(run, result)) {
    throw new Failure(`${from} gave something else than the result of ${run.label}`);
  }
  const own = named(run, result);
  save(run, own, lock);
  return own;
}

function parseResult(text: string): Result | undefined {
  try {
    return resultSchema.parse(parseJson(text));
  } catch {
    return undefined;
  }
}

/** A result of a run, by the names that they have in this study. */
const named = ({ agent, path }: PlannedRun, { evaluation, ...result }: Result): Result => ({
  ...{ ...result, agent },
  evaluation: { ...evaluation, run: basename(path), label: agent },
});

/** Whether a result says what its run must: all but what only the training and the evaluation can tell. */
function isAsAsked(
  { seed, settings, occasions }: PlannedRun,
  { seed: found, evaluation }: Result,
): boolean {
  const { number, otherNumbers, maxReward, trainingRange, policy, rows } = evaluation;
  const numbers = [...new Set(occasions.flatMap((occasion) => occasion.numbers))];
  const task = numberTaskOf(settings.env, numbers);
  return (
    [found, evaluation.seed].every((one) => one === seed) &&
    evaluation.frames >= settings.totalFrames &&
    policy === 'greedy' &&
    isDeepStrictEqual(
      { number, maxReward, trainingRange, ...(otherNumbers && { otherNumbers }) },
      task,
    ) &&
    isDeepStrictEqual(
      rows.map((row) => row.number),
      numbers.sort((a, b) => a - b),
    )
  );
}

function save({ result: path }: PlannedRun, result: Result, lock: Pick<Lock, 'requireHeld'>): void {
  lock.requireHeld();
  writeWithin(path, `${JSON.stringify(result)}\n`);
}

/**
 * Evaluates a trained run as declared, on one core, and saves the result.
 * @param lock asked right before the result is written
 * @param onNote is given a sentence about damage
 */
export async function evaluatePlanned(
  run: PlannedRun,
  lock: Pick<Lock, 'requireHeld'>,
  onNote?: (sentence: string) => void,
): Promise<Result> {
  const parts: Evaluation[] = [];
  for (const { numbers, episodes } of run.occasions) {
    parts.push(
      await evaluateRun(run.path, { numbers, episodes, threads: 1, ...(onNote && { onNote }) }),
    );
  }
  const rows = parts.flatMap((part) => part.rows).sort((a, b) => a.number - b.number);
  const distinct = rows.filter((row, i) => row.number !== rows[i + 1]?.number);
  const result: Result = {
    agent: run.agent,
    seed: run.seed,
    of: { settings: trainingOf(run.settings), occasions: run.occasions },
    machine: thisMachine(),
    evaluation: { ...parts[0]!, run: basename(run.path), label: run.agent, rows: distinct },
    learning: learningOf(openRun(run.path, onNote)),
  };
  save(run, result, lock);
  return result;
}

function learningOf(run: Run): LearningPoint[] {
  const records = readRunMetrics(run);
  const stride = Math.ceil(records.length / MOST_POINTS);
  return records
    .filter((_, i) => i % stride === stride - 1 || i === records.length - 1)
    .map(({ frames, reward, exact, weights }) => ({
      frames: frames as number,
      reward: (reward ?? null) as number | null,
      exact: (exact ?? null) as number | null,
      ...(weights ? { weights: weights as LearningPoint['weights'] } : {}),
    }));
}
