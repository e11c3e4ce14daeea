import fs from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The agents that ship with this package, trained by its study of record. */
export const PRETRAINED = ['baseline', 'nac', 'nac-clock'] as const;

const PACKAGE = dirname(createRequire(import.meta.url).resolve('timegrid/package.json'));

/** The folder of a pretrained agent's run, as a relative path where that is shorter. */
export function pretrainedRun(name: (typeof PRETRAINED)[number]): string {
  const path = join(PACKAGE, 'studies', 'trained', name);
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** What a command takes for a run: a path, or the name of a pretrained agent where there is nothing of that name here. */
export function runNamed(given: string): string {
  const pretrained = PRETRAINED.find((name) => name === given);
  return pretrained === undefined || fs.existsSync(given) ? given : pretrainedRun(pretrained);
}
