import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ClientMessage,
  clientMessageSchema,
  MESSAGE_BYTES,
} from '../../src/watch/protocol.ts';
import { type Page, pageOf, watchedPair } from './watching.ts';

const episode = { kind: 'episode', id: 1, number: 9, seed: 3, policy: 'greedy', horizon: 9 };
const HUMAN = 700;
const GOING_ON = 800;

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
      { ...episode, number: 2001 },
      { code: 'out-of-range', message: /at most 2000 here, not 2001/ },
    ],
    [{ ...episode, seed: -1 }, { code: 'out-of-range' }],
    [{ ...episode, horizon: 2049 }, { code: 'out-of-range' }],
    [{ ...episode, policy: 'best' }, { code: 'malformed' }],
    [
      { ...episode, speed: 2 },
      { code: 'malformed', message: /speed/ },
    ],
    [
      { ...episode, branch: { at: 3, number: 5000 } },
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

const id = fc.oneof(fc.nat(1e9), fc.constant(GOING_ON), fc.constant(HUMAN));
const badId = fc.oneof(fc.integer({ max: -1 }), fc.double({ noInteger: true }), fc.jsonValue());
/** Messages that are well formed, but ask for what this server or moment does not allow. */
const senseless = fc.oneof(
  fc.record({
    kind: fc.constant('credit'),
    id: fc.integer({ min: 1, max: 600 }),
    horizon: fc.nat(2048),
  }),
  fc.record({ kind: fc.constant('cancel'), id: fc.integer({ min: 1, max: 600 }) }),
  fc.record({
    ...{ kind: fc.constant('act'), id: fc.constant(HUMAN) },
    ...{ step: fc.integer({ min: 1, max: 2048 }), action: fc.nat(4) },
  }),
  fc.record({
    ...{ kind: fc.constant('act'), id: fc.constant(HUMAN) },
    ...{ step: fc.constant(0), action: fc.integer({ min: 5, max: 255 }) },
  }),
  fc.record({
    ...{ kind: fc.constant('episode'), id, policy: fc.constantFrom('greedy', 'sample') },
    ...{
      seed: fc.nat(1e9),
      horizon: fc.nat(2048),
      number: fc.integer({ min: 2001, max: 2 ** 24 }),
    },
  }),
  fc.record({
    ...{
      kind: fc.constant('play'),
      id,
      seed: fc.nat(1e9),
      number: fc.integer({ min: 1, max: 2000 }),
    },
    actions: fc.array(fc.integer({ min: 5, max: 255 }), { minLength: 1, maxLength: 20 }),
  }),
);
const wellFormed = fc.oneof(
  fc.record({
    ...{ kind: fc.constant('episode'), id, policy: fc.constantFrom('greedy', 'sample') },
    ...{
      seed: fc.nat(1e9),
      horizon: fc.nat(2048),
      number: fc.option(fc.integer({ min: 1, max: 2000 })),
    },
  }),
  fc.record({ kind: fc.constant('credit'), id, horizon: fc.nat(2048) }),
  fc.record({ kind: fc.constant('cancel'), id }),
  fc.record({ kind: fc.constant('play'), id, seed: fc.nat(), number: fc.constant(null) }),
  fc.record({ kind: fc.constant('act'), id, step: fc.nat(2048), action: fc.nat(4) }),
);
/** Well formed but for one field, which is missing, unknown or something else. */
const damaged = fc
  .tuple(
    wellFormed,
    fc.nat(),
    fc.constantFrom('drop', 'replace', 'add', 'id'),
    fc.jsonValue(),
    badId,
  )
  .map(([message, which, how, value, wrongId]) => {
    const copy = { ...(message as Record<string, unknown>) };
    const name = Object.keys(copy)[which % Object.keys(copy).length]!;
    if (how === 'drop') delete copy[name];
    else if (how === 'replace') copy[name] = value;
    else if (how === 'add') copy[`${name}s`] = value;
    else copy.id = wrongId;
    return copy;
  });
const isWrong = (text: string): boolean => {
  try {
    return !clientMessageSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return true;
  }
};
const message: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: damaged.map((value) => JSON.stringify(value)).filter(isWrong) },
  { weight: 2, arbitrary: senseless.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.json().filter(isWrong) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).filter(isWrong) },
  { weight: 1, arbitrary: fc.uint8Array() },
  {
    weight: 1,
    arbitrary: fc
      .record({ kind: fc.string(), id })
      .map((value) => JSON.stringify(value))
      .filter(isWrong),
  },
);

/** Waits for so many errors. */
const errors = (page: Page, count: number) =>
  page.until(() => page.of('error').length >= count && page.of('error'));

test('ten thousand wrong messages are answered one by one and change nothing', async () => {
  const { page, server } = await watchedPair();
  const begun: ClientMessage = {
    ...{ kind: 'episode', id: GOING_ON, number: 40, seed: 1, policy: 'sample' },
    ...{ include: [], horizon: 1, have: [] },
  };
  page.send(begun);
  page.send({ kind: 'play', id: HUMAN, number: 40, seed: 1 });
  await page.until(
    () => page.steps(GOING_ON, 0).length === 1 && page.steps(GOING_ON, 1).length === 1,
  );
  await page.until(() => page.begin(HUMAN, 'you'));
  // The chart may change meanwhile, since an episode is played a little ahead.
  const count = () => page.messages.filter(({ kind }) => kind !== 'rows').length;
  const before = count();

  const messages = fc.sample(message, { numRuns: 10_000, seed: 20 });
  for (let sent = 0; sent < messages.length; sent += 500) {
    for (const one of messages.slice(sent, sent + 500)) page.socket.send(one);
    await errors(page, sent + 500);
  }
  expect(page.of('error')).toHaveLength(10_000);
  expect(count() - before).toBe(10_000);
  expect(new Set(page.of('error').map(({ code }) => code))).toEqual(
    new Set(['malformed', 'unknown', 'out-of-range']),
  );

  expect(server.clients).toBe(1);
  page.send({ kind: 'act', id: HUMAN, step: 0, action: 4 });
  page.send({ kind: 'credit', id: GOING_ON, horizon: 2048 });
  await page.ends(GOING_ON, 2);
  await page.until(() => page.steps(HUMAN, 'you').length === 1);
  const fresh = await pageOf(server);
  fresh.send({ ...begun, horizon: 2048 });
  await fresh.ends(GOING_ON, 2);
  for (const agent of [0, 1]) {
    expect(page.steps(GOING_ON, agent)).toEqual(fresh.steps(GOING_ON, agent));
  }
});
