import fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../src/common/errors.ts';
import { openRun } from '../../src/run/folder.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { createRun, resumeRun, saveCheckpoint } from '../../src/run/training-run.ts';
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
      { numRuns: 300 },
    );
  });

  test.each(['state.json', 'tensors.safetensors'])('without %s is found', (name) => {
    fs.rmSync(inLast(name));
    expect(loadLast).toThrow(`cannot read ${inLast(name)}: it does not exist`);
  });
});

describe('damaged names of checkpoints', () => {
  const file = () => join(path, 'checkpoints.json');

  test.each(['', '{"last":"../../etc","best":null,"previous":null}', '{"last":null}'])(
    'are refused, and no checkpoint is removed: %j',
    (content) => {
      fs.writeFileSync(file(), content);
      expect(loadLast).toThrow(`${file()} is damaged: `);
      expect(() => resumeRun(path)).toThrow(Failure);
      expect(fs.readdirSync(join(path, 'checkpoints'))).toHaveLength(3);
    },
  );

  test('are missed where there are checkpoints', () => {
    fs.rmSync(file());
    expect(() => resumeRun(path)).toThrow(`cannot read ${file()}: it does not exist`);
    expect(fs.readdirSync(join(path, 'checkpoints'))).toHaveLength(3);
  });
});

test('a run that could not be resumed is not left locked', () => {
  fs.rmSync(inLast('state.json'));
  expect(() => resumeRun(path)).toThrow(inLast('state.json'));
  resumeRun(path, 'best').run.close();
});
