/** Whatever file of a run is damaged, whoever reads it refuses it in a sentence, or says what is lost: nothing goes on in silence. */

import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../env/random.ts';
import { errorMessage } from '../../src/common/error-message.ts';
import { descriptionOf } from '../../src/run/description.ts';
import { metricsChange, openRun, readRunMetrics } from '../../src/run/folder.ts';
import { eventsFile } from '../../src/run/layout.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { resumeRun } from '../../src/run/training-run.ts';
import { verifyRun } from '../../src/run/verify.ts';
import { FollowedCurve } from '../../src/server/learning-curve.ts';
import { timegrid } from '../cli/timegrid.ts';
import { TINY_GRID } from '../evaluate/saved-run.ts';
import { tinyAgent } from '../train/tiny.ts';
import { corrupt } from './corruption.ts';
import { readEvents } from './read-events.ts';

const SEED = process.env.CORRUPTION_SEED ?? 'corruption';
const CASES = 1_000;
/** So many of them also go through the command line. */
const BY_COMMAND = 60;

let folder: string;
let whole: string;
let others: string[];
const path = () => join(folder, 'run');

beforeAll(async () => {
  // In memory, where there is such a place: every case saves and syncs.
  const place = fs.existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  folder = fs.mkdtempSync(join(place, 'timegrid-corruption-'));
  const [first, second, third] = ['whole', 'other', 'longer'].map((name) => join(folder, name));
  whole = first!;
  others = [second!, third!];
  for (const [run, seed, frames] of [
    [first, '1', '44800'],
    [second, '2', '44800'],
    [third, '1', '51200'],
  ]) {
    const { stderr, exitCode } = await timegrid([
      ...['train', '--run', run!, '--seed', seed!, '--frames', frames!, '--threads', '1'],
      ...['--checkpoint-every', '12800', ...tinyAgent],
      ...['--env-option', ...Object.entries(TINY_GRID).map(([key, value]) => `${key}=${value}`)],
    ]);
    expect(exitCode, stderr).toBe(0);
  }
}, 300_000);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** What a reader found, and what it said. */
interface Outcome {
  readonly found: unknown;
  readonly said: readonly string[];
}

function outcomeOf(read: (note: (sentence: string) => void) => unknown): Outcome {
  const said: string[] = [];
  try {
    const found = read((sentence) => said.push(sentence));
    return { found, said };
  } catch (error) {
    const { message } = errorMessage(error);
    return { found: 'refused', said: [...said, message] };
  }
}

const readers: Readonly<Record<string, (run: string, note: (s: string) => void) => unknown>> = {
  // Nobody uses a description without the checkpoint that vouches for it.
  description(run, note) {
    const opened = openRun(run, note);
    loadCheckpoint(opened, 'last');
    return descriptionOf(opened);
  },
  last: (run, note) => loadCheckpoint(openRun(run, note), 'last'),
  best: (run, note) => loadCheckpoint(openRun(run, note), 'best'),
  previous: (run, note) => loadCheckpoint(openRun(run, note), 'previous'),
  metrics: (run, note) => readRunMetrics(openRun(run, note)),
  curve(run, note) {
    const curve = new FollowedCurve(run);
    while (curve.follow());
    if (curve.problem) note(curve.problem);
    const change = metricsChange(run);
    if (change) note(change);
    return [curve.frames, curve.reward];
  },
  // The last, because it repairs.
  resume(run, note) {
    const { run: training, checkpoint } = resumeRun(run, 'last', note);
    training.close();
    const { metrics } = { metrics: readRunMetrics(openRun(run, note)) };
    const events = readEvents(fs.readFileSync(join(run, eventsFile)));
    return { checkpoint: { ...checkpoint, sha256: '', logs: [] }, metrics, events };
  },
};

function putBack(): void {
  fs.rmSync(path(), { recursive: true, force: true });
  fs.cpSync(whole, path(), { recursive: true });
}

test(`${CASES} random corruptions are each refused or reported (seed ${SEED})`, async () => {
  putBack();
  const expected = Object.fromEntries(
    Object.entries(readers).map(([name, read]) => {
      const outcome = outcomeOf((note) => read(path(), note));
      expect(outcome.said, name).toEqual([]);
      return [name, outcome.found];
    }),
  );
  const random = new Random(SEED);
  const faults: string[] = [];
  let harmless = 0;
  for (let i = 0; i < CASES; i += 1) {
    putBack();
    const what = `${i}: ${corrupt(path(), others, random)}`;
    const { files, isWhole } = verifyRun(path());
    const outcomes = Object.entries(readers).map(([name, read]) => {
      const { found, said } = outcomeOf((note) => read(path(), note));
      const isSame = isDeepStrictEqual(found, expected[name]);
      if (!isSame && said.length === 0) faults.push(`${what}: ${name} goes on in silence`);
      if (!isSame && isWhole) faults.push(`${what}: verify does not see what ${name} sees`);
      for (const sentence of said) {
        if (/\n|this is a bug/.test(sentence)) faults.push(`${what}: ${name} says ${sentence}`);
      }
      return isSame && said.length === 0;
    });
    if (outcomes.every(Boolean)) harmless += 1;
    else if (!files.every(({ about }) => !/\n|this is a bug/.test(about))) faults.push(what);
  }
  console.log(`${CASES} corruptions, ${harmless} of them harmless, ${faults.length} faults`);
  expect(faults).toEqual([]);
}, 900_000);

test(`${BY_COMMAND} of them through the command line (seed ${SEED})`, async () => {
  const small = ['--numbers', '2..3', '--episodes', '4', '--threads', '1'];
  const commands = (run: string) => [
    ['evaluate', run, ...small, '--json'],
    ['export', run, '--run', join(folder, 'shared'), '--overwrite'],
    ['explain', run, '--episodes', '4', '--up-to', '5', '--json'],
    ['train', '--run', run, '--resume', '--json'],
  ];
  putBack();
  const expected: string[] = [];
  for (const args of commands(path())) {
    const { stdout, stderr, exitCode } = await timegrid(args);
    expect(exitCode, stderr).toBe(0);
    expected.push(stdout);
  }
  const random = new Random(`${SEED} by command`);
  const faults: string[] = [];
  for (let i = 0; i < BY_COMMAND; i += 1) {
    putBack();
    const what = `${i}: ${corrupt(path(), others, random)}`;
    for (const [at, args] of commands(path()).entries()) {
      const { stdout, stderr, exitCode } = await timegrid(args);
      const isSame = exitCode === 0 && stdout === expected[at];
      const isSaid = /^(timegrid|note): [^\n]+$/m.test(stderr);
      if (!isSame && !isSaid) faults.push(`${what}: ${args[0]} goes on in silence: ${stdout}`);
      if (/this is a bug|^\s+at /m.test(stderr)) faults.push(`${what}: ${args[0]}: ${stderr}`);
    }
  }
  expect(faults).toEqual([]);
}, 900_000);
