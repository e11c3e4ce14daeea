import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The trained agents that come with this package, made by its study of record: how the time reaches the LSTM. */
const NAMES = ['baseline', 'nac', 'nac-clock'] as const;
const PACKAGE = dirname(createRequire(import.meta.url).resolve('timegrid/package.json'));

/** Their runs' folders, to be watched side by side, as paths from here where that is shorter. */
export const shippedRuns = (): string[] =>
  NAMES.map((name) => {
    const path = join(PACKAGE, 'studies', 'trained', name);
    const fromHere = relative(process.cwd(), path);
    return fromHere.startsWith('..') ? path : fromHere;
  });
