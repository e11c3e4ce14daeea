import { fileURLToPath } from 'node:url';
import { register } from 'timegrid/env';
import { expect, onTestFinished, test } from 'vitest';
import { createTrainer } from '../../dist/src/train/shard-pool.js';
import { type BatchObservation, EnvVector, make, Random } from '../../env/index.ts';
import { fingerprintFile } from '../../src/plugins/fingerprint.ts';
import type { TrainerState } from '../../src/train/trainer.ts';
import { tinySettings, UPDATE } from './tiny.ts';
import troubledSpec from './troubled-grid.ts';

// Threads run the compiled code.
const { startWorkers } = await import('../../dist/src/train/env-workers/start-workers.js');

const env = tinySettings({ envOptions: { pixels: 6, timeMin: 1, timeMax: 3, slack: 1 } }).env;
const seeds = Array.from({ length: 7 }, (_, i) => `workers:${i}`);

const same = (a: BatchObservation, b: BatchObservation): boolean =>
  Buffer.compare(a.pixels, b.pixels) === 0 && a.instruction.join() === b.instruction.join();

async function start(count: number, B = seeds.length) {
  const worlds = await startWorkers(env, B, count);
  onTestFinished(() => worlds.close());
  return worlds;
}

test.each([1, 3])('%i threads give what none gives, saved and restored on the way', async (n) => {
  const plain = new EnvVector(seeds.map(() => make(env.id, env.options)));
  let shared = await start(n);
  const [expected, seen] = [plain.allocate(), shared.allocate()];
  plain.reset({ seeds }, expected);
  await shared.reset({ seeds }, seen);
  expect(seen).toEqual(expected);
  const random = new Random('actions');
  let ends = 0;
  for (let t = 0; t < 30; t++) {
    const actions = Int32Array.from(seeds, () => random.integer(0, 4));
    plain.step(actions, expected);
    await shared.step(actions, seen);
    expect(same(seen, expected)).toBe(true);
    for (const name of ['reward', 'terminated', 'truncated'] as const) {
      expect([...shared[name]]).toEqual([...plain[name]]);
    }
    for (const [i, info] of plain.finalInfo.entries()) {
      expect(shared.finalInfo[i]).toEqual(info);
      if (info === undefined) continue;
      ends++;
      expect(shared.episodeReturn[i]).toBe(plain.episodeReturn[i]);
      expect(shared.episodeLength[i]).toBe(plain.episodeLength[i]);
      for (const name of ['pixels', 'instruction'] as const) {
        const size = seen[name].length / seeds.length;
        const row = (all: Uint8Array | Float32Array) => [...all.subarray(i * size, (i + 1) * size)];
        expect(row(shared.finalObservation[name])).toEqual(row(plain.finalObservation[name]));
      }
    }
    if (t !== 10) continue;
    const state = await shared.state();
    expect(state).toEqual(plain.state());
    const another = await start(2);
    await another.restore(state, seen);
    expect(seen).toEqual(expected);
    shared = another;
  }
  expect(ends).toBeGreaterThan(25);
});

test('a state of another number of worlds is refused as it is without threads', async () => {
  const [fewer, more] = [await start(2, 3), await start(2)];
  const batch = fewer.allocate();
  await fewer.reset({ seeds: seeds.slice(0, 3) }, batch);
  const refused = more.restore(await fewer.state(), more.allocate());
  await expect(refused).rejects.toThrow(
    'TimedGrid-v0 failed at restore: this is not the state of a vector of 7 worlds',
  );
  await expect(startWorkers({ ...env, options: { size: 1 } }, 2, 2)).rejects.toThrow(
    'option "size"',
  );
});

async function trained(envWorkers: number, from?: TrainerState): Promise<TrainerState> {
  const settings = tinySettings({ threads: 2, frames: 6 * UPDATE });
  const trainer = await createTrainer(settings, { envWorkers });
  onTestFinished(() => trainer.close());
  if (from) await trainer.restore(from);
  while (trainer.frames < (from ? 6 : 3) * UPDATE) await trainer.update();
  return trainer.state();
}

test('a training on threads gives the same bits, also when a resumed one uses other threads', async () => {
  const [half, shared] = [await trained(0), await trained(2)];
  expect(shared).toEqual(half);
  const whole = await trained(0, half);
  expect(whole.parameters).not.toEqual(half.parameters);
  expect(await trained(1, shared)).toEqual(whole);
});

register(troubledSpec);
/** Four worlds of a file, on two threads, in trouble at their third step. */
async function troubled(trouble: string) {
  const given = fileURLToPath(new URL('./troubled-grid.ts', import.meta.url));
  const { version } = fingerprintFile(given);
  const source = { given, from: '/', version };
  const choice = { id: 'TroubledGrid-v0', options: { trouble, after: 3 }, source };
  const worlds = await startWorkers(choice, 4, 2, { first: 2, of: 6 });
  onTestFinished(() => worlds.close());
  const batch = worlds.allocate();
  await worlds.reset({ seeds: seeds.slice(0, 4) }, batch);
  const step = () => worlds.step(new Int32Array(4).fill(4), batch);
  await step();
  await step();
  return { worlds, step };
}

test('a world that throws in a thread is reported as without threads', async () => {
  const { worlds, step } = await troubled('throw');
  await expect(step()).rejects.toMatchObject({
    name: 'WorldError',
    message: expect.stringMatching(
      /^TroubledGrid-v0 failed at step 3 of an episode \(world 2 of 6\): the floor gave way \(.*troubled-grid\.ts:\d+:\d+: .*throw/,
    ),
  });
  expect(await worlds.state()).toMatchObject({ lengths: [2, 2, 2, 2] });
});

test.each([
  ['exit', 'TroubledGrid-v0 ended its thread with exit code 7; look for process.exit'],
  ['later', 'TroubledGrid-v0 threw outside of any call: the roof too'],
])('a world that ends its thread is reported too (%s)', async (trouble, message) => {
  const { worlds, step } = await troubled(trouble);
  const ending = async () => {
    await step();
    // An error outside of any call comes after the answer to the step.
    for (;;) await worlds.state();
  };
  await expect(ending()).rejects.toMatchObject({ name: 'WorldError', message });
});

test('what a world says besides its metrics stays in its thread', async () => {
  const { step } = await troubled('function');
  await step();
});
