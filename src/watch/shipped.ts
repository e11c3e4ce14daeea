import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The trained agents that come with this package, made by its study of record: how the time reaches the LSTM. */
const NAMES = ['baseline', 'nac', 'nac-clock'] as const;
const folder = new URL('../../../studies/trained/', import.meta.url);

/** Their runs' folders, to be watched side by side, as paths from here where that is shorter. */
export const shippedRuns = (): string[] =>
  NAMES.map((name) => {
    const path = fileURLToPath(new URL(name, folder));
    const fromHere = relative(process.cwd(), path);
    return fromHere.startsWith('..') ? path : fromHere;
  });
