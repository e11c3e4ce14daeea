import { expect, test } from 'vitest';
import { onlyParameters } from '../../src/run/agent-parameters.ts';
import { openRun } from '../../src/run/folder.ts';
import { keep } from '../../src/run/kept-checkpoints.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import type { NamedTensors } from '../../src/run/safetensors.ts';
import { pageOf, request, savedPair, serverOf, sourceOf } from './watching.ts';

/** The parameters of a run, made greater. */
function scaled(run: string, factor: number): NamedTensors {
  const tensors = onlyParameters(loadCheckpoint(openRun(run), 'last').tensors);
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value) => value * factor) },
    ]),
  );
}

async function watchKept() {
  const paths = savedPair();
  for (const run of paths) keep(run, 0, scaled(run, 0.5));
  for (let i = 1; i < 11; i++) keep(paths[1], 100 * i, scaled(paths[1], 1 + i / 10));
  const source = await sourceOf(paths);
  return { paths, source, page: await pageOf(await serverOf(source)) };
}

test('an episode is played by the agents as they were kept, which count in no chart', async () => {
  const { page, source } = await watchKept();
  const [baseline, nac] = (await page.hello()).agents;
  expect(baseline!.kept).toEqual([{ frames: 0, checkpoint: expect.stringMatching(/^0-\w{12}$/) }]);
  expect(nac!.kept!.map(({ frames }) => frames)).toEqual([...Array(11).keys()].map((i) => 100 * i));

  const frames = [undefined, 0, 1000, 300];
  const valuesOf = async (id: number, agent: number) => {
    await page.ends(id, 2);
    return page.steps(id, agent).map(({ value }) => value);
  };
  for (const [id, at] of frames.entries())
    page.send(request({ id, ...(at !== undefined && { frames: at }) }));
  const played = await Promise.all(frames.map((_, id) => valuesOf(id, 1)));
  expect(new Set(played.map((values) => JSON.stringify(values))).size).toBe(frames.length);
  expect(page.begin(2, 1)).toMatchObject({
    checkpoint: nac!.kept!.at(-1)!.checkpoint,
    nac: { outputs: nac!.nac!.outputs },
  });
  expect(page.begin(2, 1)!.nac!.weights).not.toEqual(nac!.nac!.weights);
  // It has kept nothing later than its first parameters, and has no accumulator.
  expect(page.begin(2, 0)).toMatchObject({ checkpoint: baseline!.kept![0]!.checkpoint, nac: null });
  expect(await valuesOf(2, 0)).toEqual(await valuesOf(1, 0));
  expect(page.begin(0, 1)).not.toHaveProperty('nac');
  expect(source.rows(1, 'greedy').all()).toMatchObject([{ number: 9, episodes: 1 }]);
});

test('as many as were kept can be played one after the other, and again', async () => {
  const { page } = await watchKept();
  const play = async (id: number, at: number) => {
    page.send(request({ id, seed: 4, frames: at }));
    await page.ends(id, 2);
    return page.steps(id, 1);
  };
  const first = await play(100, 0);
  for (let i = 1; i < 11; i++) await play(100 + i, 100 * i);
  expect(await play(200, 0)).toEqual(first);
});

test('frames at which nothing was kept are refused', async () => {
  const { page } = await watchKept();
  const error = page.error();
  page.send(request({ id: 7, frames: 150 }));
  const { message, ...facts } = await error;
  expect(facts).toMatchObject({ id: 7, code: 'out-of-range' });
  expect(message).toContain(
    'no agent has kept a checkpoint at 150 frames; there are some at 0, 100',
  );

  const none = await pageOf(await serverOf(await sourceOf(savedPair())));
  const refusal = none.error();
  none.send(request({ frames: 0 }));
  expect((await refusal).message).toContain('none has kept any: train with --keep');
});
