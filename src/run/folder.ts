import fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { closestMatch } from '../../env/closest.ts';
import { Failure, UsageError } from '../common/errors.ts';
import { changeOf } from './appended-file.ts';
import { readState } from './checkpoint-folder.ts';
import { checkpointsFolder } from './checkpoint-names.ts';
import { readChecked } from './json.ts';
import { descriptionFile, FORMAT, metricsFile } from './layout.ts';
import { readMetrics } from './metrics.ts';
import type { MetricsRecord } from './metrics-row.ts';
import { readNames } from './named-checkpoints.ts';
import { PRETRAINED_NAMES } from './pretrained.ts';

/** A run's folder, open for reading. Another process may be training it at the same time. */
export interface Run {
  readonly path: string;
  /** The content of `run.json`; `descriptionOf` checks it. */
  readonly description: Record<string, unknown>;
  /** Is given a sentence about damage that does not stop the reader. */
  note(sentence: string): void;
}

/** For readers that do not say who should be told. */
const warn = (sentence: string): void => process.emitWarning(sentence);

/**
 * Opens a run for reading. It needs no lock and changes nothing.
 * @param note is given a sentence about damage that does not stop the reader; by default, the process warns
 * @throws UsageError if there is no run at `path`, naming the closest one next to it or below it
 * @throws Failure if its `run.json` is damaged or of a format unknown to this version
 */
export function openRun(path: string, note: Run['note'] = warn): Run {
  if (!holdsRun(path)) throw new UsageError(noRunAt(path));
  const file = join(path, descriptionFile);
  const { content, isWhole } = readChecked(file);
  const { format, ...description } = content;
  if (format !== FORMAT) {
    throw new Failure(
      `${file} has format ${JSON.stringify(format)}, this version of timegrid reads format ${FORMAT}; use the version that made the run`,
    );
  }
  if (!isWhole) {
    throw new Failure(
      `${file} has been changed since it was written: its checksum does not match its content; put the original back (timegrid verify ${path} says whether a checkpoint has it), or train another run with the settings that you want`,
    );
  }
  return { path, description, note };
}

/** Whether `path` is a folder that holds a run, whole or damaged. */
export function holdsRun(path: string): boolean {
  return fs.existsSync(join(path, descriptionFile));
}

/** The names of the runs in a folder; none if it cannot be read. */
export function runsIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).filter((name) => holdsRun(join(folder, name)));
  } catch {
    return [];
  }
}

/**
 * All whole records of the run's `metrics.jsonl`. Rows that are damaged or lost are noted.
 * @throws Failure if the file is missing or cannot be read
 */
export function readRunMetrics(run: Run): MetricsRecord[] {
  const path = join(run.path, metricsFile);
  const { records, problem } = readMetrics(path);
  const found = problem ?? metricsChange(run.path);
  if (found) run.note(incompleteCurve(run.path, found));
  return records;
}

/** What to say of a run whose metrics are not whole. @param problem what is wrong with the file, as the predicate of a sentence */
export const incompleteCurve = (run: string, problem: string): string =>
  `${join(run, metricsFile)} ${problem}; the learning curve shows the rows that are whole`;

/**
 * Says so where a run's metrics do not begin with what they were at the last checkpoint, as the predicate of a sentence; null where
 * they do, and where a damaged checkpoint does not say.
 */
export function metricsChange(path: string): string | null {
  try {
    const { last } = readNames(path, () => {});
    if (!last) return null;
    const { metrics } = readState(join(path, checkpointsFolder, last.folder)).logs;
    return changeOf(join(path, metricsFile), metrics);
  } catch {
    return null;
  }
}

function noRunAt(path: string): string {
  const reason = fs.existsSync(path)
    ? `${path} is not a run: it holds no ${descriptionFile}`
    : `there is no run at ${path}`;
  if (fs.existsSync(join(path, checkpointsFolder))) {
    return `${reason}, but checkpoints; timegrid verify ${path} says whether they have it`;
  }
  const below = runsIn(path);
  if (below.length > 0) return `${reason}; did you mean ${join(path, below[0]!)}?`;
  const parent = dirname(path);
  const nearest = closestMatch(basename(resolve(path)), runsIn(parent));
  if (nearest !== undefined) return `${reason}; did you mean ${join(parent, nearest)}?`;
  const pretrained = closestMatch(path, PRETRAINED_NAMES);
  if (pretrained !== undefined) return `${reason}; did you mean the pretrained ${pretrained}?`;
  return `${reason}; make one with timegrid train --run ${path}`;
}

/** @throws UsageError where two of these paths name one folder, which should count once */
export function requireDistinct(paths: readonly string[]): void {
  const known = new Map<string, string>();
  for (const path of paths) {
    const place = fs.existsSync(path) ? fs.realpathSync(path) : resolve(path);
    const earlier = known.get(place);
    if (earlier !== undefined) {
      const also = earlier === path ? 'is named twice' : `and ${earlier} are the same run`;
      throw new UsageError(`${path} ${also}: name each run once`);
    }
    known.set(place, path);
  }
}
