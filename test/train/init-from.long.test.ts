import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { train } from 'timegrid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parameterName } from '../../src/run/agent-parameters.ts';
import { noCheckpoint } from '../../src/run/checkpoint-names.ts';
import { openRun, type Run } from '../../src/run/folder.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { readNamesFile, writeNames } from '../../src/run/named-checkpoints.ts';
import { rewrite } from '../run/forge.ts';
import { evidence } from './evidence.ts';
import { tinyOptions, UPDATE } from './tiny.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const place = (name: string): string => join(folder, name);
const source = place('source');
const options = tinyOptions({ seed: 5 });
beforeAll(() => train({ ...options, frames: 3 * UPDATE, run: source }));

const parametersOf = (run: Run) => {
  const { tensors } = loadCheckpoint(run, 'last');
  const names = Object.keys(tensors).filter((name) => name.startsWith(parameterName('')));
  return names.map((name) => [name, tensors[name]!.data]);
};
/** Starts warm and stops after one update. */
const started = (run: string) =>
  train({ ...options, initFrom: source, run }, { signal: AbortSignal.abort() });

describe('a training that begins with the parameters of another run', () => {
  test('has them, a fresh optimiser, and where they are from', async () => {
    const run = place('first');
    await expect(
      train(
        { ...options, initFrom: source, run, set: { ...options.set, learningRate: 1e-12 } },
        { signal: AbortSignal.abort() },
      ),
    ).resolves.toMatchObject({ frames: UPDATE });
    expect(loadCheckpoint(openRun(run), 'last').state).toMatchObject({ optimizerCount: 1 });
    const [before, after] = [source, run].map((path) => parametersOf(openRun(path)));
    for (const [i, [name, values]] of before!.entries()) {
      expect(after![i]![0]).toBe(name);
      for (const [at, value] of (values as Float32Array).entries()) {
        expect((after![i]![1] as Float32Array)[at]).toBeCloseTo(value, 6);
      }
    }
    const last = readNamesFile(source).last!.folder;
    const tensors = fs.readFileSync(join(source, 'checkpoints', last, 'tensors.safetensors'));
    const sha256 = createHash('sha256').update(tensors).digest('hex');
    expect(openRun(run).description.settings).toMatchObject({
      initFrom: { run: source, frames: 3 * UPDATE, sha256 },
      totalFrames: options.frames,
      seed: 5,
    });
  });

  test('resumes to the same bits', async () => {
    const [whole, stopped] = [place('whole'), place('stopped')];
    await train({ ...options, initFrom: source, run: whole });
    await started(stopped);
    await train({ run: stopped, resume: true });
    expect(evidence(stopped)).toEqual(evidence(whole));
  });

  test('is resumed without a checkpoint only from the same parameters', async () => {
    const run = place('early');
    await started(run);
    writeNames(run, noCheckpoint);
    const copy = place('early-again');
    fs.cpSync(run, copy, { recursive: true });
    await train({ run, resume: true });
    expect(evidence(run)).toEqual(evidence(place('whole')));
    const changed = place('changed');
    fs.cpSync(place('whole'), changed, { recursive: true });
    rewrite(join(copy, 'run.json'), (content) =>
      JSON.parse(JSON.stringify(content).replace(source, changed)),
    );
    await expect(train({ run: copy, resume: true })).rejects.toThrow(
      `${copy} starts from ${changed} at frame ${3 * UPDATE}, which is at frame ${5 * UPDATE} now and holds other parameters: start it again with --overwrite`,
    );
    fs.rmSync(changed, { recursive: true });
    await expect(train({ run: copy, resume: true })).rejects.toThrow(
      `${copy} starts from ${changed} at frame ${3 * UPDATE}, which cannot be read: there is no run at ${changed}`,
    );
  });

  test.each<[string, Parameters<typeof train>[0], string]>([
    [
      'pathway',
      { agent: 'baseline' },
      'the agent of SOURCE is nac, not baseline: give --agent nac, or start from another run',
    ],
    [
      'world',
      { envOptions: { ...options.envOptions, pixels: 12 } },
      'SOURCE was trained in a TimedGrid-v0 whose height is 24, and here it is 12: an agent fits only worlds of one shape',
    ],
    [
      'network',
      { set: { ...options.set, lstm: 8, nacWidth: 4, discount: 0.5 } },
      'the agent of SOURCE has another network: its parameters/lstm/frame_kernel is [16, 64], and here it is [16, 32]: give --set lstm=16 nacWidth=16',
    ],
    ['run', { initFrom: `${source}s` }, `there is no run at SOURCEs; did you mean SOURCE?`],
  ])('is refused where the %s is another', async (_, change, sentence) => {
    const run = place('misfit');
    await expect(train({ ...options, initFrom: source, run, ...change })).rejects.toThrow(
      sentence.replaceAll('SOURCE', source),
    );
    expect(fs.existsSync(run)).toBe(false);
  });

  test('cannot be one that is resumed', async () => {
    const run = place('whole');
    await expect(train({ run, resume: true, initFrom: source })).rejects.toThrow(
      `${run} continues from its own checkpoint when it is resumed: leave out --init-from, or --resume`,
    );
  });
});
