import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../common/errors.ts';
import type { CheckpointRecord } from './checkpoint.ts';
import type { Run } from './folder.ts';
import { descriptionFile } from './layout.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Requires that a run's description says of the training what it said when the checkpoint was saved. It may have been extended to
 * more frames, its world and its pathway may lie elsewhere, and its world may have changed where the description admits it.
 * @throws Failure naming the first difference
 */
export function requireTrainedAsDescribed(
  { path, description }: Run,
  record: Pick<CheckpointRecord, 'description'>,
  folder: string,
): void {
  const difference = differenceOf(decisive(record.description, description), decisive(description));
  if (difference === undefined) return;
  const { name, before, now } = difference;
  throw new Failure(
    `${path}/${descriptionFile} is not the one that the checkpoint ${folder} was trained with: its ${name} is ${now}, and was ${before}; put the original back, or train another run with that setting`,
  );
}

/** What must not change. @param now the description that counts: what it admits to have changed is taken from it */
function decisive(description: Values, now: Values = description): Values {
  const { created, world, settings } = description;
  if (!isObject(settings)) return { created, world };
  const { totalFrames: _, config, env, ...others } = settings;
  const former = Array.isArray(now.formerWorlds) ? now.formerWorlds : [];
  const versions = former.map((one) => isObject(one) && one.version);
  const version = versionOf(env, 'source');
  const present = isObject(now.settings) ? versionOf(now.settings.env, 'source') : undefined;
  return {
    created,
    world,
    ...others,
    config: without(config, 'pathwaySource'),
    pathwayVersion: versionOf(config, 'pathwaySource'),
    env: without(env, 'source'),
    worldVersion: versions.includes(version) ? present : version,
  };
}

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const versionOf = (value: unknown, key: string): unknown => {
  const source = isObject(value) ? value[key] : undefined;
  return isObject(source) ? source.version : undefined;
};

function without(value: unknown, key: string): Values {
  const { [key]: _, ...others } = isObject(value) ? value : {};
  return others;
}

function differenceOf(
  before: unknown,
  now: unknown,
  place: readonly string[] = [],
): { readonly name: string; readonly before: string; readonly now: string } | undefined {
  if (isDeepStrictEqual(before, now)) return undefined;
  if (!isObject(before) || !isObject(now)) {
    return { name: place.join('.').replace(/^config\./, ''), before: show(before), now: show(now) };
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const difference = differenceOf(before[key], now[key], [...place, key]);
    if (difference) return difference;
  }
  return undefined;
}

const show = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
