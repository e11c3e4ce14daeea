import fs from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { Failure, UsageError } from '../common/errors.ts';
import { writeWithin } from '../common/output.ts';
import { parseJson, readText } from '../common/read-file.ts';
import { evaluateRun } from '../evaluate/evaluate-run.ts';
import type { Evaluation } from '../evaluate/results.ts';
import { holdsRun, openRun, type Run, readRunMetrics } from '../run/folder.ts';
import type { Lock } from '../run/lock.ts';
import type { PlannedRun } from './planned-run.ts';
import { requireSameTraining, type Training, trainingOf } from './same-training.ts';

/** How a training stood after so many frames. */
export interface LearningPoint {
  readonly frames: number;
  /** Mean reward of the last episodes before, as training plays and logs them; null where none ended. */
  readonly reward: number | null;
  /** Share of them that were exact. */
  readonly exact: number | null;
  /** The weights of each neural accumulator. */
  readonly weights?: Readonly<Record<string, readonly number[]>>;
}

/** Everything that a report needs of one run; it outlives the run. */
export interface Result {
  readonly agent: string;
  readonly seed: number;
  /** What was trained and evaluated. */
  readonly of: { readonly settings: Training; readonly occasions: PlannedRun['occasions'] };
  readonly evaluation: Evaluation;
  readonly learning: readonly LearningPoint[];
}

const resultSchema = z.looseObject({
  agent: z.string(),
  seed: z.int(),
  of: z.strictObject({
    settings: z.record(z.string(), z.unknown()),
    occasions: z.array(z.strictObject({ numbers: z.array(z.int()), episodes: z.int() })),
  }),
  evaluation: z.looseObject({ rows: z.array(z.looseObject({ number: z.number() })) }),
  learning: z.array(z.looseObject({ frames: z.number() })),
});

/** Of a learning curve. */
const MOST_POINTS = 40;

/**
 * The result of a run, if it has one with the declared numbers and episodes.
 * @throws Failure for a file that is not a result; UsageError for the result of another training, or one that could not be replaced
 */
export function savedResult(run: PlannedRun): Result | undefined {
  if (!fs.existsSync(run.result)) return undefined;
  const { of, evaluation, ...result } = readResult(run.result);
  requireSameTraining(run.result, of.settings, trainingOf(run.settings));
  if (!isDeepStrictEqual(of.occasions, run.occasions)) {
    if (holdsRun(run.path)) return undefined;
    throw new UsageError(
      `${run.result} has other numbers or episodes than the study, and its run in ${run.path} is gone: declare them as they were, or move the result away to train the run again`,
    );
  }
  // The study may have renamed the agent.
  const { agent } = run;
  return { ...result, of, agent, evaluation: { ...evaluation, label: agent } };
}

function readResult(path: string): Result {
  const text = readText(path);
  try {
    return resultSchema.parse(parseJson(text)) as unknown as Result;
  } catch (cause) {
    throw new Failure(
      `${path} is not a study's result: delete it and run the same command again to regenerate it`,
      { cause },
    );
  }
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
    evaluation: { ...parts[0]!, label: run.agent, rows: distinct },
    learning: learningOf(openRun(run.path, onNote)),
  };
  lock.requireHeld();
  writeWithin(run.result, `${JSON.stringify(result)}\n`);
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
