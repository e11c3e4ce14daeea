import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { Failure, reportingSystemErrors } from '../errors.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { makeFolder } from '../make-folder.ts';
import { writeOutput } from '../output.ts';
import type { Evaluation } from '../report/results.ts';
import { readMetrics } from '../run/metrics.ts';
import type { DeclaredRun } from './declaration.ts';

/** How a training stood after so many frames. */
export interface LearningPoint {
  readonly frames: number;
  /** Mean reward of the episodes since the point before, as training plays them; null where none ended. */
  readonly reward: number | null;
  /** Share of them that did exactly what they were told. */
  readonly exact: number | null;
  /** The weights of each neural accumulator. */
  readonly weights?: Readonly<Record<string, readonly number[]>>;
}

/** Everything that a report needs of one run; what it says stays true once the run is deleted. */
export interface Result {
  readonly agent: string;
  readonly seed: number;
  /** What it is a result of: a result of anything else is none. */
  readonly of: Pick<DeclaredRun, 'settings' | 'occasions'>;
  readonly evaluation: Evaluation;
  readonly learning: readonly LearningPoint[];
}

const resultSchema = z.looseObject({
  agent: z.string(),
  seed: z.int(),
  of: z.looseObject({}),
  evaluation: z.looseObject({ rows: z.array(z.looseObject({ time: z.number() })) }),
  learning: z.array(z.looseObject({ frames: z.number() })),
});

/** A learning curve in a report needs no more points. */
const MOST_POINTS = 40;

/**
 * The result of a run, if it has one and is one of what the study declares now.
 * @throws Failure for a file that is no result
 */
export function savedResult(run: DeclaredRun): Result | undefined {
  if (!fs.existsSync(run.result)) return undefined;
  const text = reportingSystemErrors('read', run.result, () => fs.readFileSync(run.result, 'utf8'));
  const damaged = (cause?: unknown): never => {
    throw new Failure(
      `${run.result} holds no result of a study: delete it, and the run is evaluated anew`,
      { cause },
    );
  };
  try {
    const parsed = resultSchema.parse(JSON.parse(text)) as unknown as Result;
    return isDeepStrictEqual(parsed.of, plain(declared(run))) ? parsed : undefined;
  } catch (error) {
    return damaged(error);
  }
}

/** Evaluates a finished run at all that the study asks of it, on one core, and keeps the result. */
export async function makeResult(run: DeclaredRun): Promise<Result> {
  const parts: Evaluation[] = [];
  for (const { times, episodes } of run.occasions) {
    parts.push(await evaluate(run.path, { times, episodes, threads: 1 }));
  }
  const rows = parts.flatMap((part) => part.rows).sort((a, b) => a.time - b.time);
  const distinct = rows.filter((row, i) => row.time !== rows[i + 1]?.time);
  const result: Result = {
    agent: run.agent,
    seed: run.seed,
    of: declared(run),
    evaluation: { ...parts[0]!, label: run.agent, rows: distinct },
    learning: learningOf(run.path),
  };
  makeFolder(dirname(run.result));
  writeOutput(run.result, `${JSON.stringify(result)}\n`);
  return result;
}

const declared = ({ settings, occasions }: DeclaredRun): Result['of'] => ({ settings, occasions });
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function learningOf(path: string): LearningPoint[] {
  const records = readMetrics(join(path, 'metrics.jsonl'));
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
