import fs from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { NO_ADVANTAGES } from '../../agent/advantage-scale.ts';
import { initialise } from '../../agent/parameters.ts';
import { programsFor } from '../../agent/programs.ts';
import { openRuns } from '../../dist/src/server/open-runs.js';
import { createRun, resumeRun, saveCheckpoint } from '../../src/run/training-run.ts';
import { toCheckpoint } from '../../src/train/trainer-checkpoint.ts';
import { describe, saveRun } from '../evaluate/saved-run.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { pageOf, savedPair, serverOf, sourceOf } from '../watch/watching.ts';

const LOOK_EVERY = 20;

/** Trains a run on, as far as anybody who watches it can tell. */
function learn(path: string, frames: number): void {
  const { run } = resumeRun(path);
  const { settings, world } = describe();
  const { network } = programsFor({ config: settings.config, world });
  const parameters = new Float32Array(network.layout.size);
  initialise(network.parameters, frames, parameters);
  run.metrics.append({ frames, reward: frames / 1000, exact: null });
  const state = {
    frames,
    optimizerCount: 0,
    parameters,
    slots: {},
    advantages: NO_ADVANTAGES,
    shards: [],
  };
  saveCheckpoint(run, { frames, ...toCheckpoint(state, network.layout), isBest: false });
  run.close();
}

test('a newer checkpoint replaces the older one and its chart', async () => {
  const run = join(temporaryFolder(), 'run');
  saveRun(run);
  const server = await serverOf(await sourceOf([run], { lookEvery: LOOK_EVERY }));
  const page = await pageOf(server);
  const request = { kind: 'episode' as const, number: 5, seed: 0, policy: 'greedy' as const };
  page.send({ ...request, id: 1, horizon: 2048 });
  await page.ends(1, 1);
  await page.until(() => page.of('rows').some(({ rows }) => rows.length === 1));
  learn(run, 2000);
  const { agents } = await page.until(() => page.of('agents')[0]);
  const before = page.begin(1, 0)!.checkpoint;
  expect(agents[0]).toMatchObject({ frames: 2000, name: 'nac' });
  expect(agents[0]!.checkpoint).not.toBe(before);
  await page.until(() => page.of('rows').at(-1)!.rows.length === 0);
  const curve = await page.until(() => page.of('curve').find(({ frames }) => frames.length > 0));
  expect(curve).toMatchObject({ agent: 0, from: 0, frames: [2000], reward: [2], exact: [null] });
  page.send({ ...request, id: 2, horizon: 2048 });
  await page.ends(2, 1);
  expect(page.begin(2, 0)!.checkpoint).toBe(agents[0]!.checkpoint);
  learn(run, 3000);
  const more = await page.until(() => page.of('curve').find(({ frames }) => frames[0] === 3000));
  expect(more.from).toBe(1);
});

test('a newer checkpoint that cannot be loaded is named, and the older one stays', async () => {
  const folder = temporaryFolder();
  const [run, next] = [join(folder, 'run'), join(folder, 'next')];
  saveRun(run);
  fs.cpSync(run, next, { recursive: true });
  learn(next, 2000);
  const notes: string[] = [];
  const onNote = (sentence: string) => notes.push(sentence);
  const source = await sourceOf([run], { lookEvery: LOOK_EVERY, onNote });
  const [before] = source.agents;
  const checkpoints = join(next, 'checkpoints');
  const newest = join(checkpoints, fs.readdirSync(checkpoints).sort().at(-1)!);
  fs.truncateSync(join(newest, 'tensors.safetensors'), 100);
  fs.renameSync(run, join(folder, 'old'));
  fs.renameSync(next, run);
  await vi.waitUntil(() => notes.length > 0, { timeout: 30_000 });
  expect(notes.join()).toMatch(/tensors\.safetensors.*; the page shows what it has loaded before$/);
  expect(source.agents[0]).toEqual(before);
});

test('runs that do not exist yet join as they begin, and play once they have a checkpoint', async () => {
  const folder = temporaryFolder();
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  const settings = { checkpoint: 'last', engine: 'onnx', backgroundEpisodes: 0 } as const;
  const opening = openRuns([first, second], {
    ...settings,
    wait: true,
    lookEvery: LOOK_EVERY,
  });
  createRun(first, describe()).close();
  const source = (await opening)!;
  onTestFinished(() => source.close());
  const page = await pageOf(await serverOf(source));
  expect((await page.hello()).agents).toMatchObject([
    { name: 'nac', pathway: 'nac', frames: 0, checkpoint: null },
    { name: 'second', pathway: null, frames: 0, checkpoint: null },
  ]);
  const request = { kind: 'episode' as const, number: 5, seed: 0, policy: 'greedy' as const };
  const error = page.error();
  page.send({ ...request, id: 1, horizon: 2048 });
  expect(await error).toMatchObject({ code: 'busy', id: 1 });
  learn(first, 1000);
  await page.until(() => page.of('agents').at(-1)?.agents[0]?.checkpoint);
  page.send({ ...request, id: 2, horizon: 2048 });
  await page.ends(2, 1);
  saveRun(second, { config: { pathway: 'baseline' } });
  await page.until(() => page.of('agents').at(-1)?.agents[1]?.checkpoint);
  page.send({ ...request, id: 3, horizon: 2048 });
  await page.ends(3, 2);
});

test('waiting can be stopped', async () => {
  const stop = new AbortController();
  const settings = { checkpoint: 'last', engine: 'onnx', backgroundEpisodes: 0 } as const;
  const options = { ...settings, wait: true, lookEvery: LOOK_EVERY };
  const opening = openRuns([join(temporaryFolder(), 'run')], options, stop.signal);
  stop.abort();
  expect(await opening).toBeNull();
});

test('agents of one name differ by their seeds, or else by their folders', async () => {
  const folder = temporaryFolder();
  const runs = ['a', 'b', 'c'].map((name) => join(folder, name));
  for (const [i, seed] of [1, 2, 2].entries()) saveRun(runs[i]!, { seed });
  const source = await sourceOf(runs);
  expect(source.agents.map(({ name }) => name)).toEqual([
    ...['nac 1', `nac 2 (${runs[1]})`, `nac 2 (${runs[2]})`],
  ]);
});

test('agents of different worlds are not shown together', async () => {
  const [run] = savedPair();
  const other = join(temporaryFolder(), 'other');
  saveRun(other, { envOptions: { size: 4, pixels: 12, timeMin: 2, timeMax: 4, slack: 4 } });
  await expect(sourceOf([run, other])).rejects.toMatchObject({
    name: 'UsageError',
    message: `${other} was trained with another size than ${run}: agents are watched side by side in one world`,
  });
});

test('a damaged checkpoint is reported in one sentence', async () => {
  const [run] = savedPair();
  const { last } = JSON.parse(fs.readFileSync(join(run, 'checkpoints.json'), 'utf8'));
  const folder = join(run, 'checkpoints', last.folder);
  const file = fs.readdirSync(folder).find((name) => name.endsWith('.safetensors'))!;
  fs.truncateSync(join(folder, file), 20);
  await expect(sourceOf([run])).rejects.toMatchObject({
    name: 'Failure',
    message: expect.stringContaining(file),
  });
});
