import fs from 'node:fs';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { saveRun } from '../evaluate/saved-run.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { timegrid } from './timegrid.ts';

function newRun(): string {
  const path = join(temporaryFolder(), 'nac-1');
  saveRun(path);
  return path;
}

test('writes a model that ONNX Runtime loads, and says what goes in and out', async () => {
  const run = newRun();
  const file = join(temporaryFolder(), 'nac.onnx');
  const { stdout, stderr, exitCode } = await timegrid(['export', run, '--onnx', file]);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(
    stdout,
  ).toBe(`${file} holds one step of ${run} for N worlds; at the start of an episode the state is zero
inputs
  pixels uint8 [N, 12, 12, 3]
  instruction float32 [N, 1]
  state float32 [N, 19]
outputs
  logits float32 [N, 5]
  value float32 [N]
  next_state float32 [N, 19]
`);
  const session = await ort.InferenceSession.create(file);
  expect(session.inputNames).toEqual(['pixels', 'instruction', 'state']);
  expect(session.outputNames).toEqual(['logits', 'value', 'next_state']);
});

test('replaces a file only when told to', async () => {
  const run = newRun();
  const file = join(temporaryFolder(), 'nac.onnx');
  fs.writeFileSync(file, 'precious');
  expect(await timegrid(['export', run, '--onnx', file])).toEqual({
    stdout: '',
    stderr: `timegrid: ${file} exists; give --overwrite to replace it, or another file\n`,
    exitCode: 2,
  });
  expect(fs.readFileSync(file, 'utf8')).toBe('precious');
  expect((await timegrid(['export', run, '--onnx', file, '--overwrite'])).exitCode).toBe(0);
  await ort.InferenceSession.create(file);
});

test.skipIf(!fs.existsSync('/dev/fd'))('writes into an open pipe or file unasked', async () => {
  const path = join(temporaryFolder(), 'open');
  const descriptor = fs.openSync(path, 'w');
  const { exitCode } = await timegrid(['export', newRun(), '--onnx', `/dev/fd/${descriptor}`]);
  fs.closeSync(descriptor);
  expect(exitCode).toBe(0);
  await ort.InferenceSession.create(path);
});

test.each([
  [
    ['--onnx', '/missing/nac.onnx'],
    1,
    /^cannot write \/missing\/nac\.onnx: it, or a folder above it, does not exist;/,
  ],
  [
    ['--onnx', '/dev/null/nac.onnx'],
    1,
    /^cannot write \/dev\/null\/nac\.onnx: a part of this path is a file/,
  ],
  [
    ['--onnx', 'nac.onnx', '--checkpoint', 'frist'],
    2,
    /^--checkpoint takes last, best or previous, not "frist"/,
  ],
] as const)('%j is refused in one sentence', async (args, code, sentence) => {
  const { stdout, stderr, exitCode } = await timegrid(['export', newRun(), ...args]);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: code });
  expect(stderr).toMatch(/^timegrid: [^\n]+\n$/);
  expect(stderr.slice('timegrid: '.length, -1)).toMatch(sentence);
});
