import { describe, expect, test } from 'vitest';
import { type EpisodeRequest, MOST_REQUESTS } from '../../src/watch/protocol.ts';
import { type Page, pageOf, request, serverOf, watchedPair } from './watching.ts';

const ask = (fields: Partial<EpisodeRequest>) =>
  request({ number: 30, seed: 0, policy: 'sample', horizon: 0, ...fields });

/** Waits until both agents' episodes with id 1 have so many steps. */
const shown = (page: Page, count: number) =>
  page.until(() => [0, 1].every((agent) => page.steps(1, agent).length === count));

/** An episode that lasts for a while, for both agents. */
const LONG = { size: 8, pixels: 16, timeMin: 2, timeMax: 4, slack: 100 };

test('no step beyond the credit is sent, and more credit sends more', async () => {
  const { page } = await watchedPair({ envOptions: LONG });
  page.send(ask({ horizon: 3 }));
  await shown(page, 3);
  // Whatever else is under way comes before the answer to this.
  const error = page.error();
  page.socket.send('nonsense');
  await error;
  await shown(page, 3);
  page.send({ kind: 'credit', id: 1, horizon: 2 }); // takes nothing back
  page.send({ kind: 'credit', id: 1, horizon: 5 });
  await shown(page, 5);
  page.send({ kind: 'credit', id: 1, horizon: 2048 });
  const ends = await page.ends(1, 2);
  for (const { agent, steps } of ends) expect(page.steps(1, agent)).toHaveLength(steps);
});

test('an episode is not computed far beyond the credit', async () => {
  const { page, source } = await watchedPair({ envOptions: { ...LONG, slack: 1500 } });
  page.send(ask({ horizon: 1, seed: 5 }));
  await shown(page, 1);
  const plan = { number: 30, seed: 5, policy: 'sample' as const };
  for (const agent of [0, 1]) expect(source.open(agent, plan).steps.length).toBeLessThanOrEqual(32);
});

test('a cancelled episode ends at once and frees its place', async () => {
  const { page } = await watchedPair({ envOptions: LONG });
  for (let id = 1; id <= MOST_REQUESTS; id++) page.send(ask({ id, horizon: 1 }));
  const busy = page.error();
  page.send(ask({ id: 99, horizon: 1 }));
  expect(await busy).toMatchObject({ id: 99, code: 'busy' });
  page.send({ kind: 'cancel', id: 1 });
  page.send({ kind: 'credit', id: 1, horizon: 2048 }); // too late, which is no mistake
  page.send(ask({ id: 99, horizon: 2048 }));
  await page.ends(99, 2);
  expect(page.steps(1, 0).length).toBeLessThanOrEqual(1);
  expect(page.of('error')).toHaveLength(1);
});

test('a request with the id of another takes its place', async () => {
  const { page } = await watchedPair({ envOptions: LONG });
  page.send(ask({ horizon: 2 }));
  await shown(page, 2);
  page.messages.length = 0;
  page.send(ask({ horizon: 2048, seed: 4 }));
  await page.ends(1, 2);
  expect(page.begin(1, 0)!.from).toBe(0);
});

describe('a page that comes back', () => {
  test('gets the rest, on another server too', async () => {
    const { page, source } = await watchedPair({ envOptions: LONG });
    page.send(ask({ horizon: 7 }));
    await shown(page, 7);
    const have = [0, 1].map((agent) => ({
      ...{ agent, steps: 7, checkpoint: page.begin(1, agent)!.checkpoint! },
    }));
    page.socket.terminate();
    const back = await pageOf(await serverOf(source));
    back.send(ask({ horizon: 2048, have }));
    await back.ends(1, 2);
    const whole = await pageOf(await serverOf(source));
    whole.send(ask({ horizon: 2048 }));
    await whole.ends(1, 2);
    for (const agent of [0, 1]) {
      expect(back.begin(1, agent)!.from).toBe(7);
      expect([...page.steps(1, agent), ...back.steps(1, agent)]).toEqual(whole.steps(1, agent));
    }
  });

  test('with steps of another checkpoint gets all of it', async () => {
    const { page } = await watchedPair();
    const have = [{ agent: 0, checkpoint: '1000-000000000000', steps: 5 }];
    page.send(ask({ horizon: 2048, have }));
    await page.ends(1, 2);
    expect(page.begin(1, 0)!.from).toBe(0);
  });

  test('with more steps than there are is refused', async () => {
    const { page } = await watchedPair();
    const { agents } = await page.hello();
    const have = [{ agent: 0, checkpoint: agents[0]!.checkpoint!, steps: 2000 }];
    const error = page.error();
    page.send(ask({ horizon: 2048, have }));
    expect(await error).toMatchObject({ id: 1, code: 'out-of-range' });
    await page.ends(1, 1);
  });
});

test('a picture comes once, and again where the page forgot its pictures', async () => {
  const { page } = await watchedPair();
  page.send(ask({ horizon: 2048 }));
  await page.ends(1, 2);
  page.send(ask({ id: 2, horizon: 2048 }));
  await page.ends(2, 2);
  expect(page.repeatedPictures).toBe(0);
  page.send({ kind: 'forget' });
  page.send(ask({ id: 3, horizon: 2048 }));
  await page.ends(3, 2);
  expect(page.repeatedPictures).toBe(page.pictures.size);
});

test('an episode that does not fit into memory is forgotten, and played again on request', async () => {
  const budget = 1_000_000;
  const { page, source } = await watchedPair({ envOptions: LONG }, { budget });
  for (let seed = 0; seed < 20; seed++) {
    page.send(ask({ id: seed, seed, horizon: 2048, include: ['lstm'] }));
    await page.ends(seed, 2);
  }
  page.send(ask({ id: 20, seed: 0, horizon: 2048, include: ['lstm'] }));
  await page.ends(20, 2);
  expect(page.steps(20, 0)).toEqual(page.steps(0, 0));
  expect(source.heldBytes).toBeLessThanOrEqual(budget);
});
