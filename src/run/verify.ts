import fs from 'node:fs';
import { join } from 'node:path';
import { Failure, saysMissing, UsageError } from '../common/errors.ts';
import { writeWithin } from '../common/output.ts';
import { changeOf } from './appended-file.ts';
import type { CheckpointRecord } from './checkpoint.ts';
import {
  checkpointNames,
  checkpointsFolder,
  type NamedCheckpoints,
  namesFile,
} from './checkpoint-names.ts';
import { descriptionOf } from './description.ts';
import { readEvents } from './events.ts';
import { holdsRun, openRun, type Run } from './folder.ts';
import { listKept, readKept } from './kept-checkpoints.ts';
import { keptFolder } from './kept-points.ts';
import { descriptionFile, eventsFile, metricsFile, textOf } from './layout.ts';
import { type Lock, lockFolder, settleLock } from './lock.ts';
import type { LogPosition } from './log-position.ts';
import { readMetrics } from './metrics.ts';
import {
  type FoundCheckpoint,
  findCheckpoints,
  nameAgain,
  readNamesFile,
  writeNamesFile,
} from './named-checkpoints.ts';
import { requireTrainedAsDescribed } from './same-description.ts';
import { resumeRun } from './training-run.ts';

/** What was found of one file, or folder, of a run. */
export interface FileFinding {
  /** Within the run's folder. */
  readonly file: string;
  readonly state: 'whole' | 'damaged' | 'lost';
  /** What is wrong with it, or what it is. */
  readonly about: string;
  /** What can be restored, and how; null where nothing is wrong or nothing can. */
  readonly remedy: string | null;
}

/** What was found of a run. */
export interface RunFinding {
  readonly run: string;
  readonly isWhole: boolean;
  readonly files: readonly FileFinding[];
}

type Problem = { readonly state: 'damaged' | 'lost'; readonly about: string };

/**
 * Checks every byte of a run's folder. It may be in training at the same time.
 * @throws UsageError where there is no run, nor what remains of one
 * @throws Failure where the system refuses
 */
export function verifyRun(path: string): RunFinding {
  for (let attempt = 1; ; attempt += 1) {
    const before = namesText(path);
    const finding = verifyOnce(path);
    // A training that saves meanwhile moves names and removes checkpoints.
    if (attempt === 5 || finding.isWhole || namesText(path) === before) return finding;
  }
}

function namesText(path: string): string | undefined {
  try {
    return JSON.stringify(readNamesFile(path));
  } catch {
    return undefined;
  }
}

function verifyOnce(path: string): RunFinding {
  requireRemains(path);
  const found = findCheckpoints(path);
  const newest = found.find(({ record }) => record);
  const names = trying(() => readNamesFile(path));
  const run = trying(() => openDescribed(path, newest));
  const files: FileFinding[] = [];
  const add = (file: string, problem: Problem | null, about: string, remedy: string): void => {
    files.push({
      ...{ file, state: problem?.state ?? 'whole', about: problem?.about ?? about },
      remedy: problem && (remedy || null),
    });
  };
  const repair = (what: string): string => `timegrid verify ${path} --repair ${what}`;
  const { folder = '' } = newest ?? {};

  add(descriptionFile, problemOf(run), '', newest ? repair(`takes it from ${folder}`) : '');
  add(namesFile, problemOf(names), '', newest ? repair(`names ${folder} as the last one`) : '');
  const named = 'value' in names ? names.value : nameAgain(found);
  for (const one of found) {
    const place = `${checkpointsFolder}/${one.folder}`;
    const about = namesOf(named, one.folder);
    add(place, problemOfCheckpoint(one, named, run), about, useAnother(found, one));
  }
  const missing = new Set(
    checkpointNames.flatMap((name) => {
      const folder = named[name]?.folder;
      return folder === undefined || found.some((one) => one.folder === folder) ? [] : [folder];
    }),
  );
  for (const folder of missing) {
    const problem = { state: 'lost', about: `it was ${namesOf(named, folder)}` } as const;
    add(`${checkpointsFolder}/${folder}`, problem, '', useAnother(found, undefined));
  }
  for (const kept of listKept(path)) {
    const problem = problemOf(trying(() => readKept(path, kept)));
    add(
      `${keptFolder}/${kept.file}`,
      problem,
      `of ${kept.frames} frames`,
      'delete it: only the page shows it',
    );
  }
  const last = found.find((one) => one.folder === named.last?.folder)?.record;
  for (const [file, read, position] of [
    [metricsFile, readMetrics, last?.logs.metrics],
    [eventsFile, readEvents, last?.logs.events],
  ] as const) {
    const problem = problemOfLog(join(path, file), read, position);
    add(file, problem, '', last ? repair('keeps what is whole of it') : '');
  }
  return { run: path, isWhole: files.every(({ state }) => state === 'whole'), files };
}

/** @throws UsageError where there is not even a part of a run */
function requireRemains(path: string): void {
  const parts = [namesFile, checkpointsFolder, metricsFile];
  if (!holdsRun(path) && !parts.some((name) => fs.existsSync(join(path, name)))) openRun(path);
}

/** @throws Failure also for the description of another run than that of its newest checkpoint */
function openDescribed(path: string, newest: FoundCheckpoint | undefined): Run {
  const run = openRun(path, () => {});
  descriptionOf(run);
  if (newest?.record) requireTrainedAsDescribed(run, newest.record, newest.folder);
  return run;
}

type Tried<Value> = { readonly value: Value } | Problem;

function trying<Value>(read: () => Value): Tried<Value> {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof Failure || error instanceof UsageError)) throw error;
    const isLost = error instanceof UsageError || saysMissing(error);
    return { state: isLost ? 'lost' : 'damaged', about: error.message };
  }
}

const problemOf = (tried: Tried<unknown>): Problem | null => ('value' in tried ? null : tried);

function problemOfCheckpoint(
  { folder, record, problem }: FoundCheckpoint,
  names: NamedCheckpoints,
  run: Tried<Run>,
): Problem | null {
  if (!record) return { state: 'damaged', about: problem! };
  const named = Object.values(names).find((one) => one?.folder === folder);
  if (named && named.sha256 !== record.sha256) {
    return { state: 'damaged', about: `it is not the one that ${namesFile} names` };
  }
  if (!('value' in run)) return null;
  return problemOf(trying(() => requireTrainedAsDescribed(run.value, record, folder)));
}

function problemOfLog(
  path: string,
  read: (path: string) => { readonly problem: string | null },
  position: LogPosition | undefined,
): Problem | null {
  const tried = trying(() => {
    return read(path).problem ?? (position ? changeOf(path, position) : null);
  });
  if (!('value' in tried)) return tried;
  return tried.value === null ? null : { state: 'damaged', about: `it ${tried.value}` };
}

function namesOf(names: NamedCheckpoints, folder: string): string {
  const own = checkpointNames.filter((name) => names[name]?.folder === folder);
  return own.join(', ') || 'without a name; resuming the training removes it';
}

/** What to do without a damaged checkpoint. */
function useAnother(
  found: readonly FoundCheckpoint[],
  damaged: FoundCheckpoint | undefined,
): string {
  const others = found.filter((one) => one !== damaged && one.record);
  return others.length === 0
    ? ''
    : `use another one: ${others.map(({ folder }) => folder).join(', ')}`;
}

/**
 * Repairs what can be repaired: the description from a checkpoint, the names of the checkpoints, and the logs' whole rows.
 * @param note is given a sentence for everything that was done
 * @throws Failure if another process trains the run, or the system refuses
 */
export async function repairRun(path: string, note: (sentence: string) => void): Promise<void> {
  requireRemains(path);
  await settleLock(path, note);
  const lock = lockFolder(path);
  try {
    repairFiles(path, lock, note);
  } finally {
    lock.release();
  }
  const { files } = verifyRun(path);
  const isWhole = (file: string): boolean =>
    files.some((one) => one.file === file && one.state === 'whole');
  if (!isWhole(descriptionFile) || !isWhole(namesFile)) return;
  const { last } = readNamesFile(path);
  const isLastWhole = last !== null && isWhole(`${checkpointsFolder}/${last.folder}`);
  if (!isLastWhole || (isWhole(metricsFile) && isWhole(eventsFile))) return;
  resumeRun(path, 'last', note).run.close();
}

function repairFiles(path: string, lock: Lock, note: (sentence: string) => void): void {
  const found = findCheckpoints(path);
  const whole = found.find((one): one is FoundCheckpoint & { record: CheckpointRecord } =>
    Boolean(one.record),
  );
  if (!whole) return;
  if (!('value' in trying(() => openDescribed(path, whole)))) {
    const file = join(path, descriptionFile);
    lock.requireHeld();
    writeWithin(file, textOf(whole.record.description));
    note(`${file} is restored as it was at the checkpoint ${whole.folder}`);
  }
  const names = trying(() => readNamesFile(path));
  const isNamed = 'value' in names && isAsNamed(names.value, found);
  if (isNamed) return;
  const again = nameAgain(found);
  lock.requireHeld();
  writeNamesFile(path, again);
  note(`${join(path, namesFile)} is restored: ${again.last!.folder} is the last checkpoint`);
}

/** Whether every name is that of a whole checkpoint. */
function isAsNamed(names: NamedCheckpoints, found: readonly FoundCheckpoint[]): boolean {
  return Object.values(names).every(
    (named) =>
      named === null ||
      found.some(
        ({ folder, record }) => folder === named.folder && record?.sha256 === named.sha256,
      ),
  );
}
