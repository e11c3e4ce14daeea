import fs from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The agents that ship with this package, trained by its study of record. */
export const PRETRAINED = ['baseline', 'nac', 'nac-clock'] as const;

/**
 * The worlds for each of which a `nac-counter` ships, under the world's id. Each is the first of a study in `studies/counter`: of the
 * world's own or, where it sees three pictures, of the one with these.
 */
export const PRETRAINED_WORLDS = [
  'CountCoins-v0',
  'MovingTarget-v0',
  'PacedGrid-v0',
  'TimedGrid-3x3-v0',
  'TimedGrid-9x9-v0',
  'TimedGrid-v0',
  'TimedMaze-v0',
  'TwoTimes-v0',
] as const;

export type Pretrained = (typeof PRETRAINED)[number] | (typeof PRETRAINED_WORLDS)[number];

/** The names of all agents that ship. */
export const PRETRAINED_NAMES: readonly Pretrained[] = [...PRETRAINED, ...PRETRAINED_WORLDS];

const PACKAGE = dirname(createRequire(import.meta.url).resolve('timegrid/package.json'));

/** The folder of a pretrained agent's run, as a relative path where that is shorter. */
export function pretrainedRun(name: Pretrained): string {
  const path = join(PACKAGE, 'studies', 'trained', name);
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** The name of the agent that ships for a world, by the world's id. */
export const pretrainedFor = (world: string): Pretrained | undefined =>
  PRETRAINED_WORLDS.find((id) => id === world);

/** What a command takes for a run: a path, or the name of a pretrained agent where there is nothing of that name here. */
export function runNamed(given: string): string {
  const pretrained = PRETRAINED_NAMES.find((name) => name === given);
  return pretrained === undefined || fs.existsSync(given) ? given : pretrainedRun(pretrained);
}
