import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../src/common/errors.ts';
import { openRun, readRunMetrics } from '../../src/run/folder.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { createRun, resumeRun, saveCheckpoint } from '../../src/run/training-run.ts';
import { forge, forgeCheckpoints, rewrite } from './forge.ts';
import { readEvents } from './read-events.ts';
import { checkpointAt, loadedAt } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

let path: string;
beforeEach(() => {
  path = join(temporaryFolder(), 'run');
  const run = createRun(path, {});
  saveCheckpoint(run, checkpointAt(1, true));
  saveCheckpoint(run, checkpointAt(2));
  saveCheckpoint(run, checkpointAt(3));
  run.close();
});

const inLast = (name: string) => join(path, 'checkpoints', '000000000003', name);
const loadLast = () => loadCheckpoint(openRun(path), 'last');

describe('a damaged checkpoint', () => {
  test('names its file and the checkpoints that are whole', () => {
    const file = inLast('tensors.safetensors');
    fs.truncateSync(file, fs.statSync(file).size - 1);
    expect(loadLast).toThrow(Failure);
    expect(loadLast).toThrow(
      /^.*tensors\.safetensors is damaged: it holds \d+ bytes where \d+ were written; --checkpoint best or --checkpoint previous would load$/,
    );
    fs.rmSync(join(path, 'checkpoints', '000000000001', 'state.json'));
    expect(loadLast).toThrow(/were written; --checkpoint previous would load$/);
    expect(() => resumeRun(path)).toThrow(file);

    const { run, checkpoint } = resumeRun(path, 'previous');
    expect(checkpoint).toMatchObject(loadedAt(2));
    run.close();
    expect(loadLast()).toEqual(loadedAt(2));
  });

  test('in which any single byte of the tensors has flipped is found', () => {
    const file = inLast('tensors.safetensors');
    const whole = fs.readFileSync(file);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Uint8Array.from(whole);
        bytes[at]! ^= flip;
        fs.writeFileSync(file, bytes);
        expect(loadLast).toThrow(`${file} is damaged: its SHA-256 is not the one in state.json`);
      }),
      { numRuns: 50 },
    );
  });

  test('in which any single bit of the state has flipped is found, or is the same JSON', () => {
    const file = inLast('state.json');
    const whole = fs.readFileSync(file);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
        const bytes = Uint8Array.from(whole);
        bytes[at]! ^= 1 << bit;
        fs.writeFileSync(file, bytes);
        try {
          expect(loadLast()).toEqual(loadedAt(3));
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          expect((error as Failure).message).toContain(`${file} is damaged: `);
        }
      }),
      { numRuns: 100 },
    );
  });

  test.each(['state.json', 'tensors.safetensors'])('without %s is found', (name) => {
    fs.rmSync(inLast(name));
    expect(loadLast).toThrow(
      `cannot read ${inLast(name)}: it, or a folder above it, does not exist`,
    );
  });
});

describe('damaged names of checkpoints', () => {
  const file = () => join(path, 'checkpoints.json');
  const names = () => JSON.parse(fs.readFileSync(file(), 'utf8'));

  test.each([
    ['', 'is damaged: it is not valid JSON'],
    [
      '{"last":{"folder":"../../etc","sha256":""},"best":null,"previous":null}',
      'is damaged: last.folder',
    ],
    ['{"last":null}', 'is damaged: best'],
    [null, 'it, or a folder above it, does not exist'],
    [undefined, 'it is a pipe where a file is needed'],
  ])('are found again: %j', (content, problem) => {
    const before = fs.readFileSync(file(), 'utf8');
    fs.rmSync(file());
    if (content === undefined) execFileSync('mkfifo', [file()]);
    else if (content !== null) fs.writeFileSync(file(), content);
    const notes: string[] = [];
    const run = openRun(path, (note) => notes.push(note));
    const [best, previous, last] = [1, 2, 3].map(loadedAt);
    expect(loadCheckpoint(run, 'last')).toEqual(last);
    expect(loadCheckpoint(run, 'best')).toEqual(best);
    expect(loadCheckpoint(run, 'previous')).toEqual(previous);
    expect(notes[0]).toContain(problem);
    expect(notes[0]).toMatch(/; its last checkpoint was found without it: 000000000003$/);
    resumeRun(path, 'last', (note) => notes.push(note)).run.close();
    expect(fs.readFileSync(file(), 'utf8')).toBe(before);
  });

  test('are not found again where a checkpoint is damaged, too, and none is removed', () => {
    fs.rmSync(file());
    fs.truncateSync(inLast('tensors.safetensors'), 20);
    expect(() => resumeRun(path)).toThrow(
      `it, or a folder above it, does not exist; check the spelling; so is the checkpoint 000000000003: timegrid verify ${path} --repair keeps those that are whole`,
    );
    expect(fs.readdirSync(join(path, 'checkpoints'))).toHaveLength(3);
  });

  test.each([
    ['a checkpoint that is not there', (text: string) => text.replace('03"', '04"')],
    ['another checkpoint', (text: string) => text.replace('03"', '01"')],
  ])('that name %s are noticed', (_, change) => {
    fs.writeFileSync(file(), change(fs.readFileSync(file(), 'utf8')));
    const notes: string[] = [];
    const run = openRun(path, (note) => notes.push(note));
    expect(loadCheckpoint(run, 'last')).toEqual(loadedAt(3));
    expect(notes).toEqual([
      `${file()} is damaged: its checksum does not match its content; its last checkpoint was found without it: 000000000003`,
    ]);
  });

  test('are compared with what each checkpoint holds', () => {
    const [first, second] = ['000000000001', '000000000002'].map((name) =>
      join(path, 'checkpoints', name),
    );
    fs.renameSync(second!, `${second}-aside`);
    fs.cpSync(first!, second!, { recursive: true });
    fs.rmSync(`${second}-aside`, { recursive: true });
    expect(() => loadCheckpoint(openRun(path), 'previous')).toThrow(
      `${second} is not the checkpoint that checkpoints.json names: its SHA-256 differs; --checkpoint last or --checkpoint best would load`,
    );
    expect(names().previous.folder).toBe('000000000002');
  });
});

test('weights that are not numbers are refused, in whatever way they got there', () => {
  const { path: other } = { path: join(temporaryFolder(), 'run') };
  const run = createRun(other, {});
  const broken = { w: { shape: [2], data: Float32Array.of(1, Number.NaN) } };
  expect(() => saveCheckpoint(run, { ...checkpointAt(1), tensors: broken })).toThrow('w holds NaN');
  run.close();
  const file = inLast('tensors.safetensors');
  const bytes = fs.readFileSync(file);
  bytes.writeFloatLE(Number.POSITIVE_INFINITY, bytes.length - 4);
  fs.writeFileSync(file, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  forgeCheckpoints(path, (state) =>
    state.frames === 3 ? { ...state, tensors: { sha256, bytes: bytes.length } } : state,
  );
  expect(loadLast).toThrow(`${file} is damaged: steps holds Infinity; --checkpoint best`);
});

describe('a description that its checkpoints were not trained with', () => {
  const settings = { config: { discount: 0.99, lstm: 8 }, seed: 1, totalFrames: 100 };
  const description = { created: 'then', settings };
  let run: string;
  beforeEach(() => {
    run = join(temporaryFolder(), 'run');
    const training = createRun(run, description);
    saveCheckpoint(training, checkpointAt(1, true));
    training.close();
  });
  const change = (changed: object) =>
    rewrite(join(run, 'run.json'), (content) => ({ ...content, ...changed }));
  const load = () => loadCheckpoint(openRun(run), 'last');

  test('is refused by name, where an editor changed it and where its checksum is right', () => {
    const file = join(run, 'run.json');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('0.99', '0.98'));
    expect(load).toThrow(
      `${file} has been changed since it was written: its checksum does not match its content; put the original back`,
    );
    change({ settings: { ...settings, config: { discount: 0.98, lstm: 8 } } });
    for (const read of [load, () => resumeRun(run)]) {
      expect(read).toThrow(
        `${file} is not the one that the checkpoint 000000000001 was trained with: its discount is 0.98, and was 0.99; put the original back, or train another run with that setting`,
      );
    }
    change({ settings: { ...settings, seed: 2 } });
    expect(load).toThrow('its seed is 2, and was 1');
    change({ settings, created: 'now' });
    expect(load).toThrow('its created is "now", and was "then"');
  });

  test('may say that the training is longer', () => {
    change({ settings: { ...settings, totalFrames: 200 } });
    expect(load()).toEqual(loadedAt(1));
  });

  test('may say that the world has changed, but not silently', () => {
    const source = (version: string) => ({ id: 'Mine', source: { given: './mine.ts', version } });
    forge(run, (text) => JSON.stringify({ ...JSON.parse(text), settings: { env: source('a') } }));
    expect(load()).toEqual(loadedAt(1));
    change({ settings: { env: source('b') } });
    expect(load).toThrow('its worldVersion is "b", and was "a"');
    change({ formerWorlds: [{ version: 'a', frames: 1 }] });
    expect(load()).toEqual(loadedAt(1));
  });
});

describe('a damaged log', () => {
  const notes: string[] = [];
  const log = (name: string) => join(path, name);
  const resume = () => {
    notes.length = 0;
    return resumeRun(path, 'last', (note) => notes.push(note)).run;
  };
  beforeEach(() => {
    const run = resume();
    for (const frames of [4, 5, 6]) {
      run.metrics.append({ frames });
      run.events.append(frames, { 'train/frames': frames }, frames);
    }
    saveCheckpoint(run, checkpointAt(6));
    run.close();
  });
  const framesIn = () => readRunMetrics(openRun(path, () => {})).map(({ frames }) => frames);
  const steps = () =>
    readEvents(fs.readFileSync(log('events.out.tfevents.timegrid'))).map(({ step }) => step);

  test.each([
    ['changed', (text: string) => text.replace('"frames":5', '"frames":7'), [4, 6]],
    ['lost a row', (text: string) => text.split('\n').slice(1).join('\n'), [5, 6]],
    ['lost its end', (text: string) => text.slice(0, 50), [4]],
    ['was emptied', () => '', []],
    ['was deleted', () => null, []],
  ])('that %s costs a sentence, and the training resumes', (_, damage, frames) => {
    const file = log('metrics.jsonl');
    const damaged = damage(fs.readFileSync(file, 'utf8'));
    if (damaged === null) fs.rmSync(file);
    else fs.writeFileSync(file, damaged);
    const run = resume();
    expect(notes).toEqual([
      `${file} was missing or damaged: ${frames.length} of its 3 rows are kept`,
    ]);
    run.metrics.append({ frames: 8 });
    saveCheckpoint(run, checkpointAt(8));
    run.close();
    expect(framesIn()).toEqual([...frames, 8]);
    expect(steps()).toEqual([0, 4, 5, 6]);
    resume().close();
    expect(notes).toEqual([]);
  });

  test('of TensorBoard, too', () => {
    const file = log('events.out.tfevents.timegrid');
    const bytes = fs.readFileSync(file);
    bytes[bytes.length - 10]! ^= 1;
    fs.writeFileSync(file, bytes);
    resume().close();
    expect(notes).toEqual([`${file} was missing or damaged: 2 of its 3 records are kept`]);
    expect(steps()).toEqual([0, 4, 5]);
    expect(framesIn()).toEqual([4, 5, 6]);
  });

  test('is noted by who reads it', () => {
    const file = log('metrics.jsonl');
    const rows = fs.readFileSync(file, 'utf8').split('\n');
    const read = (...lines: string[]) => {
      fs.writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
      const found: string[] = [];
      readRunMetrics(openRun(path, (note) => found.push(note)));
      return found;
    };
    const [first, second, third] = rows as [string, string, string];
    expect(read(first, second, third)).toEqual([]);
    expect(read(first, third)).toEqual([
      `${file} has 1 lost row; the learning curve shows the rows that are whole`,
    ]);
    expect(read(first, second)).toEqual([
      `${file} is not what it was at the last checkpoint; the learning curve shows the rows that are whole`,
    ]);
  });

  test.each(['metrics.jsonl', 'events.out.tfevents.timegrid', 'run.json'])(
    'or description that is a pipe is not waited for: %s',
    (name) => {
      fs.rmSync(log(name));
      execFileSync('mkfifo', [log(name)]);
      expect(() => resume().close()).toThrow('it is a pipe where a file is needed');
    },
  );
});

test('a run that could not be resumed is not left locked', () => {
  fs.rmSync(inLast('state.json'));
  expect(() => resumeRun(path)).toThrow(inLast('state.json'));
  resumeRun(path, 'best').run.close();
});
