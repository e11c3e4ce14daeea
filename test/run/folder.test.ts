import fs from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Failure, UsageError } from '../../src/common/errors.ts';
import { requireLayout } from '../../src/run/checkpoint.ts';
import { holdsRun, openRun, readRunMetrics } from '../../src/run/folder.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import {
  createRun,
  resumeRun,
  saveCheckpoint,
  type TrainingRun,
} from '../../src/run/training-run.ts';
import { checkpointAt, loadedAt, tensorsAt } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

const description = { command: 'timegrid train --agent nac', configuration: { seed: 1 } };
const checkpoints = () => fs.readdirSync(join(path, 'checkpoints')).sort();

let folder: string;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'nac');
});

/** Trains a run up to each of these frames, the last of which is not the best. */
function train(run: TrainingRun, ...frames: number[]): void {
  for (const at of frames) {
    run.metrics.append({ frames: at });
    run.events.append(at, { 'train/frames': at }, at);
    saveCheckpoint(run, checkpointAt(at, at % 10 === 0));
  }
}

function trained(...frames: number[]): void {
  const run = createRun(path, description);
  train(run, ...frames);
  run.close();
}

describe('createRun', () => {
  test('creates the folder and its parents, and writes the description', () => {
    path = join(folder, 'deep', 'below', 'nac');
    const run = createRun(path, description);
    expect(run.description).toEqual(description);
    run.close();
    expect(openRun(path)).toMatchObject({ path, description });
    expect(fs.readdirSync(path).sort()).toEqual([
      'checkpoints',
      'checkpoints.json',
      'events.out.tfevents.timegrid',
      'metrics.jsonl',
      'run.json',
    ]);
  });

  test('accepts an empty folder, and one where a process was killed before it wrote the description', () => {
    fs.mkdirSync(join(path, '.tmp-1-1-run.json'), { recursive: true });
    createRun(path, description).close();
    expect(fs.readdirSync(path)).not.toContain('.tmp-1-1-run.json');
  });

  test('leaves an existing run alone unless told to overwrite it', () => {
    trained(10);
    const create = () => createRun(path, {});
    expect(create).toThrow(UsageError);
    expect(create).toThrow(`${path} already holds a run; resume it (--resume), replace it`);
    expect(loadCheckpoint(openRun(path), 'last')).toEqual(loadedAt(10));
  });

  test('replaces a run without a checkpoint', () => {
    createRun(path, description).close();
    const run = createRun(path, { command: 'again' });
    expect(run.description).toEqual({ command: 'again' });
    expect(() => createRun(path, {})).toThrow(Failure);
    run.close();
  });

  test('overwrites a run when told to, but not other files in its folder', () => {
    trained(10, 20);
    fs.writeFileSync(join(path, 'notes.md'), 'mine');
    const run = createRun(path, { command: 'again' }, { overwrite: true });
    expect(run.description).toEqual({ command: 'again' });
    expect(checkpoints()).toEqual([]);
    expect(readRunMetrics(run)).toEqual([]);
    expect(() => loadCheckpoint(run, 'last')).toThrow(`${path} has no checkpoint yet`);
    expect(fs.readFileSync(join(path, 'notes.md'), 'utf8')).toBe('mine');
    train(run, 30);
    expect(loadCheckpoint(run, 'best').frames).toBe(30);
    run.close();
  });

  test.each([false, true])('refuses a folder of other files (overwrite: %s)', (overwrite) => {
    fs.mkdirSync(join(path, 'checkpoints'), { recursive: true });
    fs.writeFileSync(join(path, 'checkpoints', 'thesis.txt'), 'years of work');
    const create = () => createRun(path, description, { overwrite });
    expect(create).toThrow(UsageError);
    expect(create).toThrow(`${path} holds files that are not a run's (checkpoints)`);
    expect(fs.readdirSync(path)).toEqual(['checkpoints']);
    expect(checkpoints()).toEqual(['thesis.txt']);
  });

  test('refuses a file, and a path below a file', () => {
    fs.writeFileSync(path, '');
    expect(() => createRun(path, {})).toThrow(`${path} is a file; choose a folder that is new`);
    const below = () => createRun(join(path, 'run'), {});
    expect(below).toThrow(Failure);
    expect(below).toThrow('a part of this path is a file where a folder is needed');
  });

  test('refuses what JSON cannot hold before it creates anything', () => {
    const create = () => createRun(path, { configuration: { rate: [1, Number.NaN] } });
    expect(create).toThrow('description.configuration.rate[1] is NaN, which JSON cannot hold');
    expect(fs.existsSync(path)).toBe(false);
  });
});

describe('openRun', () => {
  test('names the closest run next to a path that holds none', () => {
    trained();
    const open = () => openRun(join(folder, 'nca'));
    expect(open).toThrow(UsageError);
    expect(open).toThrow(`there is no run at ${folder}/nca; did you mean ${path}?`);
    expect(() => openRun('nac-clok')).toThrow(
      'there is no run at nac-clok; did you mean the pretrained nac-clock?',
    );
    expect(() => openRun(join(folder, 'something-else'))).toThrow(
      `make one with timegrid train --run ${folder}/something-else`,
    );
  });

  test('names a run below a folder that holds runs', () => {
    trained();
    expect(() => openRun(folder)).toThrow(
      `${folder} is not a run: it holds no run.json; did you mean ${path}?`,
    );
    expect(holdsRun(folder)).toBe(false);
    expect(holdsRun(path)).toBe(true);
  });

  test.each([
    ['{"format":1,', 'is damaged: it is not valid JSON'],
    ['[]', 'is damaged: it must hold a JSON object'],
    ['{"format":1}', 'has format 1, this version of timegrid reads format 2'],
    ['{"format":2}', 'has been changed since it was written: its checksum does not match'],
  ])('refuses a run.json of %s', (content, message) => {
    trained();
    fs.writeFileSync(join(path, 'run.json'), content);
    expect(() => openRun(path)).toThrow(Failure);
    expect(() => openRun(path)).toThrow(`${join(path, 'run.json')} ${message}`);
  });
});

describe('checkpoints', () => {
  test('are read back bit for bit; only the last, the best and the previous are kept', () => {
    trained(10, 11, 12, 13);
    const run = openRun(path);
    expect(loadCheckpoint(run, 'last')).toEqual(loadedAt(13));
    expect(loadCheckpoint(run, 'previous')).toEqual(loadedAt(12));
    expect(loadCheckpoint(run, 'best')).toEqual(loadedAt(10));
    expect(checkpoints()).toEqual(['000000000010', '000000000012', '000000000013']);
  });

  test('saved twice at the same frame: the later one is the last', () => {
    const run = createRun(path, description);
    saveCheckpoint(run, checkpointAt(10));
    saveCheckpoint(run, { ...checkpointAt(10), state: { saved: 'again' } });
    run.close();
    expect(loadCheckpoint(openRun(path), 'last').state).toEqual({ saved: 'again' });
    expect(loadCheckpoint(openRun(path), 'previous')).toEqual(loadedAt(10));
  });

  test('of a name that does not exist yet are refused, naming those that do', () => {
    trained(11);
    const load = () => loadCheckpoint(openRun(path), 'best');
    expect(load).toThrow(UsageError);
    expect(load).toThrow(`${path} has no best checkpoint; choose --checkpoint last`);
  });

  test('of a run that was deleted in training are refused, and nothing is written', () => {
    const run = createRun(path, description);
    train(run, 10);
    fs.rmSync(path, { recursive: true });
    const save = () => saveCheckpoint(run, checkpointAt(11));
    expect(save).toThrow(Failure);
    expect(save).toThrow(
      `${path} was deleted or moved while it was being trained and cannot be saved any more; train it again`,
    );
    run.close();
    expect(fs.existsSync(path)).toBe(false);
  });

  test('with a state that JSON cannot hold are refused by its name, and nothing changes', () => {
    const run = createRun(path, description);
    train(run, 10);
    const save = (state: object) => () => saveCheckpoint(run, { ...checkpointAt(11), state });
    expect(save({ best: -Infinity })).toThrow('checkpoint.state.best is -Infinity');
    expect(save({ worlds: [{ pixels: new Uint8Array(3) }] })).toThrow(
      'checkpoint.state.worlds[0].pixels is a Uint8Array, which JSON cannot hold',
    );
    expect(loadCheckpoint(run, 'last')).toEqual(loadedAt(10));
    expect(checkpoints()).toEqual(['000000000010']);
    run.close();
  });

  test('of another network are refused, naming the tensor', () => {
    const layout = { weights: [2, 3], steps: [] };
    const check = (expected: Parameters<typeof requireLayout>[1]) => () =>
      requireLayout(tensorsAt(1), expected, 'runs/nac');
    expect(check(layout)).not.toThrow();
    expect(check({ ...layout, bias: [3] })).toThrow('runs/nac holds no tensor bias');
    expect(check({ ...layout, weights: [3, 2] })).toThrow(
      'runs/nac was made for another network: weights is [2,3], not [3,2]',
    );
    expect(check({ weights: layout.weights })).toThrow('it holds a tensor steps');
  });
});

describe('resumeRun', () => {
  test('resumes from the last checkpoint and discards what came after it', () => {
    const uninterrupted = createRun(path, description);
    train(uninterrupted, 10, 11, 12);
    uninterrupted.close();
    const read = () => [
      fs.readFileSync(join(path, 'metrics.jsonl'), 'utf8'),
      loadCheckpoint(openRun(path), 'last'),
    ];
    const expected = read();

    fs.rmSync(path, { recursive: true });
    const interrupted = createRun(path, description);
    train(interrupted, 10, 11);
    interrupted.metrics.append({ frames: 12 });
    interrupted.events.append(12, { 'train/frames': 12 }, 12);
    interrupted.close();

    const { run, checkpoint } = resumeRun(path);
    expect(checkpoint).toMatchObject(loadedAt(11));
    train(run, 12);
    run.close();
    expect(read()).toEqual(expected);
  });

  test('starts from scratch without a checkpoint', () => {
    const begun = createRun(path, description);
    begun.metrics.append({ frames: 1 });
    begun.close();
    const { run, checkpoint } = resumeRun(path);
    expect(checkpoint).toBeUndefined();
    expect(readRunMetrics(run)).toEqual([]);
    run.close();
  });

  test('survives being killed at its first save after it was killed while it was created', () => {
    createRun(path, description).close();
    fs.rmSync(join(path, 'checkpoints.json'));
    resumeRun(path).run.close();
    // As a process leaves it that has saved its first checkpoint but not yet named it.
    fs.mkdirSync(join(path, 'checkpoints', '000000000010'));
    const { run, checkpoint } = resumeRun(path);
    expect(checkpoint).toBeUndefined();
    run.close();
  });

  test('from the best, discards what came after it', () => {
    trained(10, 11, 12);
    const { run, checkpoint } = resumeRun(path, 'best');
    expect(checkpoint).toMatchObject(loadedAt(10));
    expect(readRunMetrics(run)).toEqual([{ frames: 10 }]);
    expect(checkpoints()).toEqual(['000000000010']);
    train(run, 11);
    run.close();
    expect(loadCheckpoint(openRun(path), 'previous')).toEqual(loadedAt(10));
    expect(loadCheckpoint(openRun(path), 'best')).toEqual(loadedAt(10));
  });

  test('from the previous one, does not keep a later best', () => {
    trained(9, 10);
    const { run } = resumeRun(path, 'previous');
    expect(loadCheckpoint(run, 'best')).toEqual(loadedAt(9));
    run.close();
  });

  test('removes what a killed process left unfinished', () => {
    trained(10);
    fs.mkdirSync(join(path, 'checkpoints', '.tmp-7-1-000000000020'));
    fs.mkdirSync(join(path, 'checkpoints', '000000000020'));
    fs.writeFileSync(join(path, '.tmp-7-2-checkpoints.json'), '{');
    resumeRun(path).run.close();
    expect(checkpoints()).toEqual(['000000000010']);
    expect(fs.readdirSync(path).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('removes and cuts nothing that a link in somebody else’s run leads to', () => {
    const home = join(folder, 'home');
    fs.mkdirSync(home);
    for (const name of ['thesis.txt', 'notes.txt']) fs.writeFileSync(join(home, name), name);
    createRun(path, description).close();
    fs.rmdirSync(join(path, 'checkpoints'));
    fs.symlinkSync(home, join(path, 'checkpoints'));
    fs.rmSync(join(path, 'metrics.jsonl'));
    fs.symlinkSync(join(home, 'notes.txt'), join(path, 'metrics.jsonl'));
    const resume = () => resumeRun(path);
    expect(resume).toThrow(`${path}/metrics.jsonl: it is a symbolic link where a file is needed`);
    expect(fs.readdirSync(home)).toEqual(['notes.txt', 'thesis.txt']);
    expect(fs.readFileSync(join(home, 'notes.txt'), 'utf8')).toBe('notes.txt');
  });
});
