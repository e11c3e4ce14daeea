import { expect, test } from 'vitest';
import { MESSAGE_BYTES } from '../../src/watch/protocol.ts';
import { pageOf, watchedPair } from './watching.ts';

const episode = { kind: 'episode', id: 1, number: 9, seed: 3, policy: 'greedy', horizon: 9 };

test('a wrong message is answered with what is wrong and what would be right', async () => {
  const { page } = await watchedPair();
  const cases: [unknown, object][] = [
    ['no JSON', { code: 'malformed' }],
    ['[1]', { code: 'malformed' }],
    ['null', { code: 'malformed' }],
    [
      { kind: 7, id: 3 },
      { code: 'malformed', id: 3 },
    ],
    [{}, { code: 'malformed' }],
    [
      { kind: 'episod', id: 3 },
      { code: 'unknown', id: 3, message: /did you mean "episode"/ },
    ],
    [{ kind: '__proto__' }, { code: 'unknown' }],
    [
      { ...episode, number: 0 },
      { code: 'out-of-range', id: 1, message: /"time".* 1 to 16777216, not 0/ },
    ],
    [
      { ...episode, number: 2.5 },
      { code: 'malformed', id: 1 },
    ],
    [
      { ...episode, number: 16_001 },
      { code: 'out-of-range', message: /must be at most 16000, not 16001/ },
    ],
    [{ ...episode, seed: -1 }, { code: 'out-of-range' }],
    [{ ...episode, horizon: 16_385 }, { code: 'out-of-range' }],
    [{ ...episode, policy: 'best' }, { code: 'malformed' }],
    [
      { ...episode, speed: 2 },
      { code: 'malformed', message: /speed/ },
    ],
    [
      { ...episode, branch: { at: 3, number: 50_000 } },
      { code: 'out-of-range', message: /branch.number/ },
    ],
    [
      { kind: 'credit', id: 5, horizon: 7 },
      { code: 'out-of-range', id: 5 },
    ],
    [
      { kind: 'cancel', id: 5 },
      { code: 'out-of-range', id: 5 },
    ],
    [
      { kind: 'act', id: 5, step: 0, action: 0 },
      { code: 'out-of-range', id: 5 },
    ],
    [
      { kind: 'play', id: 5, number: 9, seed: 0, actions: [4, 5] },
      { code: 'out-of-range', message: /an action is from 0 to 4, not 5/ },
    ],
    [
      { kind: 'play', id: 5, number: 2, seed: 0, actions: Array(9).fill(4) },
      { code: 'out-of-range', message: /over after 6 steps/ },
    ],
    ['x'.repeat(MESSAGE_BYTES + 1), { code: 'oversized' }],
  ];
  for (const [message, { message: said, ...answer }] of cases as [
    unknown,
    { message?: RegExp },
  ][]) {
    const error = page.error();
    page.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    const { id, ...rest } = await error;
    expect({ ...rest, ...(id !== undefined && { id }) }).toMatchObject(answer);
    if (said) expect(rest.message).toMatch(said);
  }
  const error = page.error();
  page.socket.send(Buffer.from(JSON.stringify(episode)));
  expect(await error).toMatchObject({
    code: 'malformed',
    message: expect.stringMatching(/binary/),
  });
  expect(page.of('begin')).toEqual([]);
});

test('a message too long to be read ends its connection, and no other', async () => {
  const { page, server } = await watchedPair();
  const other = await pageOf(server);
  const closed = new Promise<number>((resolve) => other.socket.once('close', resolve));
  other.socket.send('x'.repeat(20 * MESSAGE_BYTES));
  expect(await closed).toBe(1009);
  page.send({ ...episode, kind: 'episode', policy: 'greedy' });
  await page.until(() => page.begin(1, 0));
});
