import fs from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../common/errors.ts';
import { findPluginsOfRun, requireOwnPathway } from '../plugins/of-run.ts';
import { descriptionOf, type RunDescription } from '../run/description.ts';
import { holdsRun, openRun, requireDistinct, runsIn } from '../run/folder.ts';
import { chooseNumbers } from './choose-numbers.ts';
import { defaultNumbers } from './default-numbers.ts';
import {
  type EvaluateRunOptions,
  evaluateRun,
  type NumberTask,
  numberTaskOf,
  span,
} from './evaluate-run.ts';
import { agentLabels } from './labels.ts';
import type { Evaluation } from './results.ts';
import { requireComparable, type Summary, SummaryError, summarise } from './summary.ts';

export interface EvaluateOptions extends Omit<EvaluateRunOptions, 'onProgress' | 'onNote'> {
  /** Called as episodes end. */
  onProgress?(run: string, done: number, total: number): void;
}

/** Several runs, evaluated alike. */
export interface RunsEvaluation {
  /** One for each run, in the order of the runs. */
  readonly evaluations: readonly Evaluation[];
  /** Seeds of one agent taken together. */
  readonly summary: Summary;
  /** Sentences about what a reader of the summary should know, such as a run whose training is not over. */
  readonly notes: readonly string[];
}

/**
 * Evaluates several runs from the same starts and takes the seeds of each agent together.
 * @param paths folders of runs, or folders that hold such
 * @throws UsageError for runs that cannot be compared, before any is evaluated, and whatever `evaluate` throws
 */
export async function evaluate(
  paths: readonly string[],
  { onProgress, ...options }: EvaluateOptions = {},
): Promise<RunsEvaluation> {
  const runs = expand(paths);
  const descriptions = runs.map((path) => descriptionOf(openRun(path)));
  const notes: string[] = [];
  const { env, agent, allowCode } = options;
  const onNote = (note: string): void => {
    if (!notes.includes(note)) notes.push(note);
  };
  const finding = { env, agent, allowCode, onNote };
  for (const [i, description] of descriptions.entries()) {
    await findPluginsOfRun(runs[i]!, description, finding);
  }
  const configs = descriptions.map(({ settings: { config } }, i) => ({ path: runs[i]!, config }));
  requireOwnPathway(agent, configs);
  const labels = agentLabels(descriptions);
  const yardsticks = descriptions.map(({ settings: { env } }) =>
    numberTaskOf(env, options.numbers),
  );
  refuseIncomparable(runs, descriptions, labels, yardsticks, options);

  const ranges = yardsticks.map(({ trainingRange }) => trainingRange);
  const { axis, main, lists } = chooseNumbers(descriptions[0]!.settings.env, options.numbers);
  const { [axis.option]: own = defaultNumbers(span(ranges)), ...others } = lists;
  const numbers =
    Object.keys(others).length === 0 && axis === main ? own : { ...others, [axis.option]: own };
  const evaluations: Evaluation[] = [];
  for (const [i, path] of runs.entries()) {
    const evaluation = await evaluateRun(path, {
      ...options,
      ...{ numbers, onNote },
      onProgress: (done, total) => onProgress?.(path, done, total),
    });
    evaluations.push({ ...evaluation, label: labels[i]! });
  }
  if ((options.checkpoint ?? 'last') === 'last') {
    notes.push(...unfinished(evaluations, descriptions));
  }
  return { evaluations, summary: summarise(evaluations), notes };
}

/**
 * A folder that is no run stands for the runs in it; links to one run count once there.
 * @throws UsageError for a run that is named twice
 */
function expand(paths: readonly string[]): string[] {
  const runs = paths.flatMap((path) => {
    if (holdsRun(path)) return [path];
    const below = inOrder(runsIn(path)).map((name) => join(path, name));
    const places = below.map((run) => fs.realpathSync(run));
    const distinct = below.filter((_, i) => places.indexOf(places[i]!) === i);
    return distinct.length > 0 ? distinct : [path];
  });
  requireDistinct(runs);
  return runs;
}

/** `nac-2` before `nac-10`. */
function inOrder(names: readonly string[]): string[] {
  return names.toSorted(new Intl.Collator('en', { numeric: true }).compare);
}

function refuseIncomparable(
  runs: readonly string[],
  descriptions: readonly RunDescription[],
  labels: readonly string[],
  yardsticks: readonly NumberTask[],
  { policy = 'greedy' }: EvaluateOptions,
): void {
  const worlds = descriptions.map(({ settings }) => settings.env.id);
  const other = worlds.findIndex((id) => id !== worlds[0]);
  if (other >= 0) {
    throw new UsageError(
      `${runs[0]} was trained in ${worlds[0]} and ${runs[other]} in ${worlds[other]}: compare runs of one world`,
    );
  }
  try {
    requireComparable(
      runs.map((run, i) => ({
        run,
        label: labels[i]!,
        seed: descriptions[i]!.settings.seed,
        policy,
        ...yardsticks[i]!,
      })),
    );
  } catch (error) {
    if (!(error instanceof SummaryError)) throw error;
    throw new UsageError(error.message.replace(/\.$/, ''), { cause: error });
  }
}

function unfinished(
  evaluations: readonly Evaluation[],
  descriptions: readonly RunDescription[],
): string[] {
  return evaluations.flatMap(({ run, frames }, i) => {
    const { totalFrames } = descriptions[i]!.settings;
    return frames < totalFrames
      ? [`${run} has been trained for ${frames} of its ${totalFrames} frames`]
      : [];
  });
}
