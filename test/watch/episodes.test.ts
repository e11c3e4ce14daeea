import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/play/episodes.ts';
import type { EpisodeRequest } from '../../src/watch/protocol.ts';
import { loadOneByOne } from '../evaluate/one-by-one.ts';
import { type Page, pageOf, request, serverOf, watchedPair } from './watching.ts';

/** The episode as it is played without the server. */
async function playedAlone(path: string, number: number, seed: number, policy: Policy) {
  const { config, begin } = await loadOneByOne(path, 'onnx');
  const { world, steps: coming } = begin(number, seed, policy);
  const pictures = [world.render().pixels];
  const steps = [];
  for await (const { action, result, seen, probabilities, value, nextState } of coming) {
    pictures.push(world.render().pixels);
    steps.push({
      ...{ action, reward: result.reward, seen, position: world.position!() },
      ...{ probabilities: Array.from(probabilities), value: value * 10 },
      lstm: Array.from(nextState.subarray(0, config.lstm)),
      pathway: Array.from(nextState.subarray(2 * config.lstm)),
    });
  }
  return { steps, pictures };
}

function closeTo(values: readonly number[]): unknown[] {
  return values.map((value) => expect.closeTo(value, 2));
}

test('hello says what there is to see', async () => {
  const { page, paths } = await watchedPair();
  const hello = await page.hello();
  expect(hello).toMatchObject({
    protocol: 1,
    replay: null,
    world: {
      ...{ id: 'TimedGrid-v0', height: 12, width: 12 },
      actions: ['up', 'down', 'left', 'right', 'pass'],
      number: {
        ...{ symbol: 't', meaning: 'time', countsSteps: true },
        ...{ trained: [2, 4], maxReward: 10 },
      },
    },
    agents: [
      { name: 'baseline', path: paths[0], pathway: 'baseline', seed: 1, lstm: 8, nac: null },
      { name: 'nac', path: paths[1], frames: 1000, totalFrames: 1000, discount: 0.99 },
    ],
  });
  const { nac } = hello.agents[1]!;
  expect(nac!.inputs).toEqual(['t', '1', 'n1', 'n2', 'n3']);
  expect(nac!.weights).toHaveLength(5 * 3);
  expect(nac!.weights.every((weight) => Math.abs(weight) < 1)).toBe(true);
});

describe.each(['greedy', 'sample'] as const)('%s', (policy) => {
  test('each pane is the episode that the parts of the agent play without a server', async () => {
    const { page, paths } = await watchedPair();
    page.send(request({ policy, include: ['observed', 'pathway', 'lstm'] }));
    await page.ends(1, 2);
    for (const [agent, path] of paths.entries()) {
      const { steps, pictures } = await playedAlone(path, 9, 3, policy);
      const shown = page.steps(1, agent);
      expect(page.begin(1, agent)).toMatchObject({ from: 0, number: 9 });
      expect(shown.map(({ action, reward }) => [action, reward])).toEqual(
        steps.map(({ action, reward }) => [action, reward]),
      );
      const first = page.begin(1, agent)!.picture;
      const named = [first, ...shown.map(({ picture }) => picture)];
      expect(named.map((number) => [...page.pictures.get(number)!.pixels])).toEqual(
        pictures.map((pixels) => [...pixels]),
      );
      for (const [i, step] of steps.entries()) {
        const { probabilities, value, observed, pathway, lstm, position } = shown[i]!;
        expect(probabilities).toEqual(closeTo(step.probabilities));
        expect(value).toBeCloseTo(step.value, 2);
        expect(position).toEqual(closeTo([step.position.x, step.position.y]));
        expect([...page.pictures.get(observed!)!.pixels]).toEqual([...step.seen]);
        expect(lstm).toEqual(closeTo(step.lstm));
        expect(pathway).toEqual(closeTo(step.pathway));
      }
    }
    expect(page.repeatedPictures).toBe(0);
  });
});

test('without a number the world draws one of its training range, the same for both, and no extras are sent', async () => {
  const { page } = await watchedPair();
  page.send(request({ number: null }));
  await page.ends(1, 2);
  const [a, b] = [page.begin(1, 0)!, page.begin(1, 1)!];
  expect([a.number, a.picture]).toEqual([b.number, b.picture]);
  expect([2, 3, 4]).toContain(a.number);
  for (const step of page.steps(1, 0)) {
    expect(Object.keys(step)).toEqual(expect.not.arrayContaining(['observed', 'pathway', 'lstm']));
  }
});

test('an episode that was played for a page fills in its chart', async () => {
  const { page } = await watchedPair();
  page.send(request({ number: 7 }));
  const [end] = await page.ends(1, 2);
  const { agent } = end!;
  const rows = () => page.rows(agent as number, 'greedy');
  await page.until(() => rows().length > 0);
  expect(rows()).toMatchObject([
    { number: 7, episodes: 1, meanReward: expect.closeTo(end!.return, 2) },
  ]);
  // Watched again, it is no other episode.
  page.send(request({ id: 2, number: 7 }));
  await page.ends(2, 2);
  page.send(request({ id: 3, number: 6 }));
  await page.until(() => rows().length === 2);
  expect(rows().map(({ number, episodes }) => [number, episodes])).toEqual([
    [6, 1],
    [7, 1],
  ]);
  // Only what has changed is told.
  const told = page.of('rows').filter((message) => message.agent === agent);
  expect(told.map(({ rows }) => rows.map(({ number }) => number))).toEqual([[7], [6]]);
});

/** 2.5 times the greatest of the training range of 2..4. */
const NUMBERS = [2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Waits until an agent's chart has two episodes at each number. */
const filled = (page: Page, agent: number, policy: Policy) =>
  page.until(() => {
    const rows = page.rows(agent, policy);
    const isAll = JSON.stringify(rows.map(({ number }) => number)) === JSON.stringify(NUMBERS);
    return isAll && rows.every(({ episodes }) => episodes >= 2);
  });

test('the charts that pages look at fill in while nobody waits, and no others', async () => {
  const { page, server, source } = await watchedPair({}, { backgroundEpisodes: 2 });
  for (const agent of [0, 1]) await filled(page, agent, 'greedy');
  for (const agent of [0, 1]) expect(source.rows(agent, 'sample').all()).toEqual([]);
  page.send(request({ policy: 'sample', horizon: 1 }));
  await page.until(() => page.begin(1, 0));
  // This page looks at the greedy chart, the other one at the sampled one.
  const other = await pageOf(server);
  for (const policy of ['greedy', 'sample'] as const) await filled(other, 1, policy);
});

test('a branch repeats its episode up to a moment, and then follows another number', async () => {
  const { page } = await watchedPair();
  const played = async (fields: Partial<EpisodeRequest>) => {
    page.send(request({ number: 20, ...fields }));
    await page.ends(fields.id!, 2);
    return page.steps(fields.id!, 0);
  };
  // An episode of agent 0 that lasts for a while.
  let seed = 0;
  while ((await played({ id: seed, seed })).length < 15) seed++;
  const original = page.steps(seed, 0);

  // With the number 3 the world ends by 3 + slack.
  const shorter = await played({ id: 100, seed, branch: { at: 6, number: 3 } });
  expect(shorter).toHaveLength(7);
  expect(shorter.slice(0, 6)).toEqual(original.slice(0, 6));
  const longer = await played({ id: 101, seed, branch: { at: 6, number: 40 } });
  expect(longer.slice(0, 6)).toEqual(original.slice(0, 6));
  // The agent is told another number from moment 6 on, so it values that moment differently.
  expect(longer[6]!.value).not.toBe(original[6]!.value);
  // After the end of an episode it changes nothing.
  expect(await played({ id: 102, seed, branch: { at: 200, number: 500 } })).toEqual(original);

  const error = page.error();
  page.send(request({ id: 103, number: 20, seed, branch: { at: 10, number: 2 } }));
  const { message, ...refusal } = await error;
  expect(refusal).toMatchObject({ id: 103, code: 'out-of-range' });
  expect(message).toContain('the world would end before moment 10');
});

test('the greatest number that a page may ask for is played to the end of the world', async () => {
  const { page } = await watchedPair();
  page.send(request({ number: 2000, policy: 'sample' }));
  const ends = await page.ends(1, 2);
  for (const { how } of ends) expect(['terminated', 'truncated']).toContain(how);
});

test('many pages that ask for the same cost one computation, and get the same', async () => {
  const { page, server, source } = await watchedPair();
  const pages = [page, ...(await Promise.all([1, 2, 3, 4].map(() => pageOf(server))))];
  for (const one of pages) one.send(request({ number: 15, policy: 'sample' }));
  await Promise.all(pages.map((one) => one.ends(1, 2)));
  for (const one of pages) {
    expect(one.steps(1, 0)).toEqual(page.steps(1, 0));
    expect(one.steps(1, 1)).toEqual(page.steps(1, 1));
  }
  expect(source.rows(0, 'sample').all()).toMatchObject([{ number: 15, episodes: 1 }]);
});

test('a second server gives the same checkpoint the same name', async () => {
  const { page, source } = await watchedPair();
  const other = await pageOf(await serverOf(source));
  const [a, b] = [await page.hello(), await other.hello()];
  expect(a.agents).toEqual(b.agents);
  expect(a.server).not.toBe(b.server);
});
