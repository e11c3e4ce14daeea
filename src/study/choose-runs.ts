import { UsageError } from '../common/errors.ts';
import type { PlannedRun } from './planned-run.ts';
import { LEAST_DIGITS } from './run-key.ts';

const PART = /^(\d{1,9})\/([1-9]\d{0,8})$/;
const KEY = /^[0-9a-f]+$/i;
/** Of a key, where it is shown to a person. */
const SHOWN_DIGITS = 8;

/**
 * Some of a study's runs, in the order of the study.
 * @param given as `runName` gives them
 * @throws UsageError for a key that no run has, or that several different runs begin with
 */
export function chooseRuns(runs: readonly PlannedRun[], given: readonly string[]): PlannedRun[] {
  const chosen = new Set(given.flatMap((name) => runsOf(runs, name)));
  return runs.filter((run) => chosen.has(run));
}

/**
 * Reads what names runs of a study: a key, the beginning of one, or a part: `3/40` is every 40th run from the third on.
 * @throws UsageError
 */
export function runName(text: string): string {
  const read = readPart(text);
  if (read) {
    const { part, parts } = read;
    if (part >= 1 && part <= parts) return text;
    throw new UsageError(
      `--only takes a part from 1/${parts} to ${parts}/${parts}, not "${text}": parts are counted from 1`,
    );
  }
  if (KEY.test(text) && text.length >= LEAST_DIGITS) return text.toLowerCase();
  throw new UsageError(
    `--only takes a run's key, at least ${LEAST_DIGITS} digits of it, or a part such as 3/40, not "${text}"; --list prints the keys`,
  );
}

function readPart(text: string): { part: number; parts: number } | undefined {
  const found = PART.exec(text);
  return found ? { part: Number(found[1]), parts: Number(found[2]) } : undefined;
}

function runsOf(runs: readonly PlannedRun[], name: string): readonly PlannedRun[] {
  const read = readPart(name);
  if (read) return runs.filter((_, i) => i % read.parts === read.part - 1);
  const found = runs.filter(({ key }) => key.startsWith(name));
  const keys = new Set(found.map(({ key }) => key));
  if (keys.size === 0) {
    throw new UsageError(
      `no run of this study has a key that begins with ${name}; --list prints them`,
    );
  }
  if (keys.size > 1) {
    const some = found.slice(0, 3).map(({ label, key }) => `${label} (${key})`);
    throw new UsageError(
      `${keys.size} runs have a key that begins with ${name}, such as ${some.join(' and ')}: give more of it`,
    );
  }
  return found;
}

/** The beginning of each run's key, as long as all of them need to differ. */
export function shortKeys(runs: readonly PlannedRun[]): string[] {
  const keys = [...new Set(runs.map(({ key }) => key))];
  const isEnough = (digits: number): boolean =>
    new Set(keys.map((key) => key.slice(0, digits))).size === keys.length;
  let digits = SHOWN_DIGITS;
  while (!isEnough(digits)) digits += 1;
  return runs.map(({ key }) => key.slice(0, digits));
}
