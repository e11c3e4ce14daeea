import { expect, test, vi } from 'vitest';
import { make } from '../../env/index.ts';
import { TINY_GRID } from '../evaluate/saved-run.ts';
import { pageOf, request, savedPair, serverOf, sourceOf, watchedPair } from './watching.ts';

const LEFT = 2;
const PASS = 4;

test('a person plays in the same world, from the same start as the agents', async () => {
  const { page } = await watchedPair();
  page.send(request());
  await page.ends(1, 2);
  page.send({ kind: 'play', id: 2, number: 9, seed: 3 });
  const begin = await page.until(() => page.begin(2, 'you'));
  expect(begin).toMatchObject({ picture: page.begin(1, 0)!.picture, number: 9, from: 0 });

  const world = make('TimedGrid-v0', TINY_GRID);
  world.reset({ seed: 'evaluation:3', options: { time: 9 } });
  let expected = { reward: 0, terminated: false, truncated: false };
  for (let step = 0; !expected.terminated && !expected.truncated; step++) {
    const action = step % 3 === 0 ? LEFT : PASS;
    expected = world.step(action);
    page.send({ kind: 'act', id: 2, step, action });
    const { reward, picture, ...rest } = await page.until(() => page.steps(2, 'you')[step]);
    expect(reward).toBe(expected.reward);
    expect([...page.pictures.get(picture)!.pixels]).toEqual([...world.render().pixels]);
    expect(rest).toMatchObject({ action, probabilities: null, value: null });
  }
  const [end] = await page.ends(2, 1);
  expect(end!.how).toBe(expected.terminated ? 'terminated' : 'truncated');
  expect(end!.steps).toBe(page.steps(2, 'you').length);
  const error = page.error();
  page.send({ kind: 'act', id: 2, step: end!.steps, action: PASS });
  expect(await error).toMatchObject({ code: 'out-of-range', id: 2 });
});

test('after a reconnection the earlier actions are taken again', async () => {
  const { page, server } = await watchedPair();
  page.send({ kind: 'play', id: 2, number: 30, seed: 3 });
  page.send({ kind: 'act', id: 2, step: 0, action: PASS });
  const first = await page.until(() => page.steps(2, 'you').length === 1 && page.steps(2, 'you'));
  page.socket.terminate();
  const back = await pageOf(server);
  back.send({ kind: 'play', id: 9, number: 30, seed: 3, actions: [PASS] });
  await back.until(() => back.steps(9, 'you').length === 1);
  expect(back.steps(9, 'you')).toEqual(first);
  back.send({ kind: 'act', id: 9, step: 1, action: PASS });
  await back.until(() => back.steps(9, 'you').length === 2);
});

test('cancelling twice gives up an episode once', async () => {
  const { page } = await watchedPair();
  page.send({ kind: 'play', id: 2, number: 30, seed: 3 });
  page.send({ kind: 'act', id: 2, step: 0, action: PASS });
  await page.until(() => page.steps(2, 'you').length === 1);
  page.send({ kind: 'cancel', id: 2 });
  page.send({ kind: 'cancel', id: 2 });
  page.send({ kind: 'act', id: 2, step: 1, action: PASS });
  expect(await page.error(0)).toMatchObject({
    id: 2,
    message: 'no episode with id 2 is being played',
  });
  page.send({ kind: 'play', id: 3, number: 30, seed: 3 });
  page.send({ kind: 'play', id: 4, number: 30, seed: 3 });
  page.send({ kind: 'act', id: 3, step: 0, action: PASS }); // the next episode has ended this one
  expect(await page.error(1)).toMatchObject({ code: 'out-of-range', id: 3 });
  page.send({ kind: 'cancel', id: 3 }); // too late, which is no mistake
  page.send({ kind: 'act', id: 4, step: 0, action: PASS });
  await page.until(() => page.steps(4, 'you').length === 1);
  expect(page.of('error')).toHaveLength(2);
});

test('giving up an episode closes its world', async () => {
  const source = await sourceOf([savedPair()[0]]);
  const makeWorld = vi.spyOn(source, 'makeWorld');
  const page = await pageOf(await serverOf(source));
  page.send({ kind: 'play', id: 2, number: 30, seed: 3 });
  await page.until(() => page.begin(2, 'you'));
  const close = vi.spyOn(makeWorld.mock.results.at(-1)!.value, 'close');
  page.send({ kind: 'cancel', id: 2 });
  page.send({ kind: 'act', id: 2, step: 0, action: PASS });
  await page.error(0);
  expect(close).toHaveBeenCalledOnce();
});
