import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentConfigSchema } from '../../agent/config.ts';
import { availableEngines } from '../../agent/engines/index.ts';
import { evidence, savedFrames } from '../train/evidence.ts';
import { Program, timegridProcess } from '../train/program.ts';
import { tinyAgent, tinyWorld, UPDATE } from '../train/tiny.ts';
import { type Outcome, timegrid } from './timegrid.ts';

const FRAMES = 50 * UPDATE;
const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const train = (run: string, ...options: string[]): string[] => [
  ...['train', '--run', run, '--threads', '1', '--frames', String(FRAMES)],
  ...tinyWorld,
  ...tinyAgent,
  ...options,
];

/** The one sentence that the program ended with. */
function sentence({ stderr, stdout }: Outcome): string {
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^timegrid: .*\n$/);
  return stderr.slice('timegrid: '.length, -1);
}

/** Every file below a folder with its content. */
function filesOf(path: string): Record<string, string> {
  const names = fs.readdirSync(path, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => fs.statSync(join(path, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [name, fs.readFileSync(join(path, name), 'latin1')]),
  );
}

describe('a finished training', () => {
  const run = join(folder, 'finished');
  let ending: Outcome;
  let files: Record<string, string>;
  beforeAll(async () => {
    ending = await timegrid(train(run, '--json'));
    files = filesOf(run);
  }, 60_000);
  const unchanged = () => expect(filesOf(run)).toEqual(files);

  test('has said as JSON how it went', () => {
    expect(ending).toMatchObject({ exitCode: 0, stderr: '' });
    const events = ending.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ event, frames }) => [event, frames])).toEqual([
      ['progress', 6400],
      ['progress', FRAMES],
      ['end', FRAMES],
    ]);
    expect(events[0]).toMatchObject({
      reward: expect.any(Number),
      metrics: { exact: expect.any(Number), arrived: expect.any(Number) },
      entropy: expect.any(Number),
      framesPerSecond: expect.any(Number),
    });
    expect(events.at(-1)).toEqual({ event: 'end', run, frames: FRAMES, finished: true });
  });

  test('describes itself so that it can be repeated', () => {
    expect(JSON.parse(files['run.json']!)).toMatchObject({
      command: ['timegrid', ...train(run, '--json')],
      settings: {
        config: { pathway: 'nac', lstm: 16, discount: 0.99 },
        env: { id: 'TimedGrid-v0', options: { size: 3, slack: 12 } },
        seed: 1,
        totalFrames: FRAMES,
        shards: 1,
        engine: 'onnx',
      },
      checkpointFrames: 100_000,
      versions: { node: process.version },
    });
  });

  test('is not trained over', async () => {
    const second = await timegrid(train(run));
    expect(sentence(second)).toBe(
      `${run} already holds a run; resume it (--resume), replace it (--overwrite) or choose another folder`,
    );
    expect(second.exitCode).toBe(2);
    unchanged();
  });

  test('says that there is nothing to resume', async () => {
    const again = await timegrid(['train', '--run', run, '--resume']);
    expect(again).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: `${run} is trained; measure how well it follows its number with: timegrid evaluate ${run}\n`,
    });
    unchanged();
  });

  test('is not resumed with other settings', async () => {
    const other = await timegrid(['train', '--run', run, '--resume', '--seed', '2']);
    expect(sentence(other)).toBe(
      `${run} was started with --seed 1, not 2: leave that option out to resume it, or start another run`,
    );
    expect(other.exitCode).toBe(2);
    unchanged();
  });

  test('is not resumed where a byte has changed', async () => {
    const damaged = join(folder, 'damaged');
    fs.cpSync(run, damaged, { recursive: true });
    const [name] = fs.readdirSync(join(damaged, 'checkpoints'));
    const file = join(damaged, 'checkpoints', name!, 'tensors.safetensors');
    const bytes = fs.readFileSync(file);
    bytes[bytes.length - 100]! ^= 1;
    fs.writeFileSync(file, bytes);
    const resumed = await timegrid(['train', '--run', damaged, '--resume']);
    expect(sentence(resumed)).toContain(`${file} is damaged: its SHA-256 is not the one in`);
    expect(resumed.exitCode).toBe(1);
  });

  test('is replaced where that is asked for', async () => {
    const copy = join(folder, 'replaced');
    fs.cpSync(run, copy, { recursive: true });
    fs.writeFileSync(join(copy, 'notes.txt'), 'mine');
    const replaced = await timegrid(train(copy, '--seed', '2', '--overwrite', '--frames', '800'));
    expect(replaced.exitCode).toBe(0);
    expect(evidence(copy).last.frames).toBe(800);
    expect(fs.readFileSync(join(copy, 'notes.txt'), 'utf8')).toBe('mine');
  });
});

test('a folder that another process trains into is refused, and that training continues', async () => {
  const run = join(folder, 'shared');
  const first = new Program(train(run, '--frames', '1e7', '--checkpoint-every', '1600'));
  await first.until(() => savedFrames(run) > 0);
  for (const option of ['--resume', '--overwrite']) {
    const frames = option === '--resume' ? [] : ['--frames', '1e7'];
    const second = await timegrid(['train', '--run', run, option, ...frames]);
    expect(sentence(second)).toBe(
      `${run} is being trained by process ${first.pid}; wait until it ends or stop it`,
    );
    expect(second.exitCode).toBe(1);
  }
  const before = savedFrames(run);
  await first.until(() => savedFrames(run) > before);
  expect(await first.signal('SIGTERM')).toMatchObject({ exitCode: 143 });
});

describe('nothing is made', () => {
  test('in a folder that holds something else', async () => {
    const strange = join(folder, 'strange');
    fs.mkdirSync(strange);
    fs.writeFileSync(join(strange, 'thesis.txt'), 'mine');
    for (const option of [[], ['--overwrite']]) {
      const refused = await timegrid(train(strange, ...option));
      expect(sentence(refused)).toMatch(/holds files that are not a run's \(thesis\.txt\)/);
      expect(refused.exitCode).toBe(2);
    }
    expect(fs.readdirSync(strange)).toEqual(['thesis.txt']);
  });

  test('where the network does not fit the pixels', async () => {
    const run = join(folder, 'deep', 'misfit');
    const convolutions = JSON.stringify(agentConfigSchema.parse({}).convolutions);
    const misfit = await timegrid([
      ...['train', '--run', run, '--env-option', 'pixels=10'],
      ...['--set', `convolutions=${convolutions}`],
    ]);
    expect(sentence(misfit)).toBe(
      "convolution 2 looks at 4 × 4 pixels, but gets only 1 × 1 of the world's 10 × 10: use larger pixels in the world, or smaller or fewer convolutions",
    );
    expect(misfit.exitCode).toBe(2);
    expect(fs.existsSync(join(folder, 'deep'))).toBe(false);
  });

  test('below something that is no folder', async () => {
    fs.writeFileSync(join(folder, 'file'), '');
    const run = join(folder, 'file', 'run');
    const refused = await timegrid(train(run));
    expect(sentence(refused)).toMatch(
      /^cannot create the folder .*: a part of this path is a file/,
    );
    expect(refused.exitCode).toBe(1);
  });

  test('where it may not be written', async () => {
    const closed = join(folder, 'closed');
    fs.mkdirSync(closed);
    fs.chmodSync(closed, 0o555);
    // The administrator may write anywhere, and is no longer one by the time it matters.
    const humble =
      'data:text/javascript,import{isMainThread}from%22node:worker_threads%22;if(isMainThread&&!process.geteuid())process.seteuid(65534)';
    const refused = await timegridProcess(train(join(closed, 'run')), {
      NODE_OPTIONS: `--import=${humble}`,
    });
    expect(sentence(refused)).toMatch(/^cannot create the folder .*: permission is denied/);
    expect(refused.exitCode).toBe(1);
    expect(fs.readdirSync(closed)).toEqual([]);
  });

  test('by an engine that does not load', async (context) => {
    const loading = await availableEngines();
    context.skip(loading.includes('tensorflow'), 'every engine loads here');
    const run = join(folder, 'engine');
    const refused = await timegrid(train(run, '--engine', 'tensorflow'));
    expect(sentence(refused)).toMatch(
      /^the engine "tensorflow" cannot be loaded \(.*\): .*; engines that load here: onnx/,
    );
    expect(refused.exitCode).toBe(2);
    expect(fs.existsSync(run)).toBe(false);
  });

  test.each<[string[], RegExp]>([
    [['--engine', 'onxn'], /^--engine takes onnx, .* not "onxn"; did you mean "onnx"\?$/],
    [['--agent', 'nacc'], /^there is no agent "nacc"; did you mean "nac"\?$/],
    [['--preset', 'large'], /^--preset takes small or a3c, not "large"/],
    [['--frames', '0'], /^--frames takes a whole number of at least 1, .* not "0"$/],
    [['--threads', '1000'], /^--threads takes a whole number from 1 to 256, not "1000"$/],
    [['--set', 'lstm'], /^--set takes key=value/],
    [['--set', 'lsmt=64'], /"lsmt"; did you mean "lstm"/],
    [['--allow-changed-world'], /^a changed world can be allowed only for .* give --resume, too$/],
    [['--overwrite', '--resume'], /can be resumed or overwritten, not both$/],
    [['--resume'], /^there is no run at .*\/none; make one with timegrid train --run /],
  ])('with %j', async (options, message) => {
    const run = join(folder, 'empty', 'none');
    const refused = await timegrid(['train', '--run', run, ...options]);
    expect(sentence(refused)).toMatch(message);
    expect(refused.exitCode).toBe(2);
    expect(fs.existsSync(run)).toBe(false);
  });
});
