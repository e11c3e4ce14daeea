import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../common/errors.ts';
import { formatNumbers } from '../common/format.ts';
import { pathwaySourceOf } from '../plugins/known-pathway.ts';
import { descriptionOf } from '../run/description.ts';
import { holdsRun, openRun } from '../run/folder.ts';
import type { TrainSettings } from '../run/train-settings.ts';

/** Everything that decides what a training learns, as JSON: nothing about where or how fast it runs. */
export type Training = Readonly<Record<string, unknown>>;

export function trainingOf({
  config,
  env: { id, options, source },
  seed,
  totalFrames,
  engine,
  initFrom,
}: Omit<TrainSettings, 'shards'>): Training {
  const world = { id, options, ...(source && { source: { version: source.version } }) };
  const from = pathwaySourceOf(config);
  const agent = { ...config, pathwaySource: from && { version: from.version } };
  const start = initFrom?.sha256;
  return JSON.parse(
    JSON.stringify({ config: agent, env: world, seed, totalFrames, engine, initFrom: start }),
  );
}

/**
 * Refuses a run or a result of another training than the declared one.
 * @param path of the run or the result
 * @throws UsageError naming the first difference
 */
export function requireSameTraining(path: string, found: Training, declared: Training): void {
  const [first] = differences(found, declared);
  if (first === undefined) return;
  const { name, there, here } = first;
  throw new UsageError(
    `${path} is of another training: its ${name} is ${there}, and the study's is ${here}; move it away, or give another --folder`,
  );
}

/** @throws UsageError as above, where there is a run already */
export function requireRunAsDeclared(path: string, declared: Training): void {
  if (!holdsRun(path)) return;
  requireSameTraining(path, trainingOf(descriptionOf(openRun(path)).settings), declared);
}

interface Difference {
  /** As a study's file calls it. */
  readonly name: string;
  readonly there: string;
  readonly here: string;
}

function differences(found: unknown, declared: unknown, names: string[] = []): Difference[] {
  if (isDeepStrictEqual(found, declared)) return [];
  if (!isRecord(found) || !isRecord(declared)) {
    return [{ name: inStudy(names.join('.')), there: show(found), here: show(declared) }];
  }
  const keys = new Set([...Object.keys(found), ...Object.keys(declared)]);
  return [...keys].flatMap((key) => differences(found[key], declared[key], [...names, key]));
}

/** `config.lstm` is `lstm` where it is declared. */
function inStudy(name: string): string {
  if (name === 'totalFrames') return 'frames';
  if (name.startsWith('env.source')) return 'version of the world';
  if (name.startsWith('config.pathwaySource')) return 'version of the pathway';
  return name.replace(/^(config|env\.options)\./, '').replace(/^env\.id$/, 'env');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function show(value: unknown): string {
  if (value === undefined) return 'none';
  const isNumbers = Array.isArray(value) && value.every((item) => typeof item === 'number');
  return isNumbers ? `[${formatNumbers(value)}]` : JSON.stringify(value);
}
