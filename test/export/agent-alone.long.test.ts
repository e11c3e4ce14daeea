import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluateRun } from '../../dist/src/evaluate/evaluate-run.js';
import { exportAgent } from '../../dist/src/export/agent-alone.js';
import { openRun, readRunMetrics } from '../../dist/src/run/folder.js';
import { loadCheckpoint } from '../../dist/src/run/load-checkpoint.js';
import { rowOf } from '../../src/run/metrics-row.ts';
import { timegrid } from '../cli/timegrid.ts';
import { TINY_GRID } from '../evaluate/saved-run.ts';

const TINY = [
  ...['--frames', '2000', '--checkpoint-every', '500', '--threads', '1', '--seed', '3'],
  ...['--env-option', ...Object.entries(TINY_GRID).map(([key, value]) => `${key}=${value}`)],
  ...['--set', 'convolutions=[{"filters":4,"size":4,"stride":4}]', 'dense=8', 'lstm=8'],
  ...['nacWidth=3', 'worlds=4', 'steps=5'],
];

let folder: string;
let run: string;
let alone: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-alone-'));
  run = join(folder, 'run');
  alone = join(folder, 'alone');
  const { stderr, exitCode } = await timegrid(['train', '--agent', 'nac', '--run', run, ...TINY]);
  expect(exitCode, stderr).toBe(0);
  exportAgent(run, 'last', alone);
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const sizeOf = (path: string): number =>
  fs
    .readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + fs.statSync(join(parentPath, name)).size, 0);

describe('the agent of a run, alone', () => {
  test('acts as the whole run does, to the last bit', async () => {
    const asked = { numbers: [2, 4, 6], episodes: 20, threads: 0 };
    const { run: _, ...whole } = await evaluateRun(run, asked);
    const { run: __, ...small } = await evaluateRun(alone, asked);
    expect(small).toEqual(whole);
  });

  test('holds its parameters and nothing that only training needs', () => {
    const [whole, small] = [run, alone].map(
      (path) => loadCheckpoint(openRun(path), 'last').tensors,
    );
    const names = Object.keys(whole!).filter((name) => name.startsWith('parameters/'));
    expect(names.length).toBeGreaterThan(5);
    expect(Object.keys(small!)).toEqual(names);
    expect(Object.keys(whole!).length).toBeGreaterThan(2 * names.length);
    expect(sizeOf(alone)).toBeLessThan(0.5 * sizeOf(run));
  });

  test('says what it is, and how it was learned', () => {
    expect(openRun(alone).description).toEqual(openRun(run).description);
    const records = readRunMetrics(openRun(run));
    expect(readRunMetrics(openRun(alone))).toEqual(records);
  });

  test('keeps 200 records of a long learning curve, the last among them', () => {
    const long = join(folder, 'long');
    fs.cpSync(run, long, { recursive: true });
    const rows = Array.from({ length: 1001 }, (_, i) => rowOf({ frames: i, reward: i / 2 }, i + 1));
    fs.writeFileSync(join(long, 'metrics.jsonl'), Buffer.concat(rows));
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    exportAgent(long, 'last', join(folder, 'thinned'), { onNote });
    expect(notes).toEqual([
      `${long}/metrics.jsonl is not what it was at the last checkpoint; the learning curve shows the rows that are whole`,
    ]);
    const kept = readRunMetrics(openRun(join(folder, 'thinned')));
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.length).toBeLessThanOrEqual(200);
    expect(kept.at(-1)).toEqual({ frames: 1000, reward: 500 });
  });

  test('is trained no further', async () => {
    expect(await timegrid(['train', '--run', alone, '--resume'])).toEqual({
      stdout: '',
      stderr: `timegrid: ${alone} holds an agent without its training: it can be evaluated and watched, but not trained further\n`,
      exitCode: 2,
    });
  });

  test('is written by the command line, which replaces a run only when told to', async () => {
    const into = join(folder, 'shared');
    const args = ['export', run, '--run', into];
    const { stdout, stderr, exitCode } = await timegrid(args);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toBe(
      `${into} holds the agent of ${run} after 2.00 k frames; watch it with: timegrid watch ${into}\n`,
    );
    const again = await timegrid(args);
    expect(again).toMatchObject({ stdout: '', exitCode: 2 });
    expect(again.stderr).toMatch(/^timegrid: \S+shared already holds a run; [^\n]+\n$/);
    expect((await timegrid([...args, '--overwrite'])).exitCode).toBe(0);
  });

  test('does not replace the run itself, whatever it is called', async () => {
    const args = ['export', run, '--run', join(folder, '.', 'run', '..', 'run'), '--overwrite'];
    const { stderr, exitCode } = await timegrid(args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/run is the run itself, .*: choose another folder\n$/);
    expect(Object.keys(loadCheckpoint(openRun(run), 'last').tensors).length).toBeGreaterThan(20);
  });

  test('asks for a file or a folder when neither is given', async () => {
    expect(await timegrid(['export', run])).toEqual({
      stdout: '',
      stderr:
        'timegrid: give --onnx <file> for a model, --run <folder> for a small copy of the run, or both\n',
      exitCode: 2,
    });
  });
});
