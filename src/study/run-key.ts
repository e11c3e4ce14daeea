import { createHash } from 'node:crypto';
import { VERSION } from '../common/version.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import type { Occasion } from './planned-run.ts';
import { trainingOf } from './same-training.ts';

/** 128 bits: two different runs have the same key by chance only where there are more runs than anybody can make. */
const DIGITS = 32;

/** Of a person's typing: fewer digits are more likely a position than a key. */
export const LEAST_DIGITS = 4;

/**
 * Names a run of a study by everything that decides its result: every setting of its training, the fingerprints of a world and a
 * pathway of the user's own, its threads, what it is evaluated at, and the version of timegrid. Neither the name of its agent nor
 * where it is kept counts, so equal runs of two studies have one key.
 * @returns 32 hexadecimal digits
 */
export function runKey(settings: TrainSettings, occasions: readonly Occasion[]): string {
  const of = { timegrid: VERSION, training: trainingOf(settings), threads: settings.shards };
  const hash = createHash('sha256').update(canonical({ ...of, occasions }));
  return hash.digest('hex').slice(0, DIGITS);
}

/** JSON whose keys are sorted: equal values give equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
