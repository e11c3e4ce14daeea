import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClientBudgets } from '../../dist/src/watch/client-budget.js';
import { type ClientMessage, clientMessageSchema } from '../../src/watch/protocol.ts';
import { type Page, pageOf, savedPair, serverOf, sourceOf } from './watching.ts';

const HUMAN = 700;
const GOING_ON = 800;

const id = fc.oneof(fc.nat(1e9), fc.constant(GOING_ON), fc.constant(HUMAN));
const badId = fc.oneof(fc.integer({ max: -1 }), fc.double({ noInteger: true }), fc.jsonValue());
const policy = fc.constantFrom('greedy', 'sample');
const [seed, horizon, index] = [fc.nat(1e9), fc.nat(2048), fc.integer({ min: 1, max: 600 })];
const kind = <Kind extends string, Fields>(
  name: Kind,
  fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> },
) => fc.record({ kind: fc.constant(name), ...fields });

/** Messages that are well formed, but ask for what this server or moment does not allow. */
const senseless = fc.oneof(
  kind('credit', { id: index, horizon }),
  kind('cancel', { id: index }),
  kind('act', {
    id: fc.constant(HUMAN),
    step: fc.integer({ min: 1, max: 2048 }),
    action: fc.nat(4),
  }),
  kind('act', {
    id: fc.constant(HUMAN),
    step: fc.constant(0),
    action: fc.integer({ min: 5, max: 255 }),
  }),
  kind('episode', { id, policy, seed, horizon, number: fc.integer({ min: 16_001, max: 2 ** 24 }) }),
  kind('play', {
    ...{ id, seed, number: fc.integer({ min: 1, max: 2000 }) },
    actions: fc.array(fc.integer({ min: 5, max: 255 }), { minLength: 1, maxLength: 20 }),
  }),
);
const wellFormed = fc.oneof(
  kind('episode', {
    id,
    policy,
    seed,
    horizon,
    number: fc.option(fc.integer({ min: 1, max: 2000 })),
  }),
  kind('credit', { id, horizon }),
  kind('cancel', { id }),
  kind('play', { id, seed: fc.nat(), number: fc.constant(null) }),
  kind('act', { id, step: horizon, action: fc.nat(4) }),
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
  // Whoever sends so many wrong messages would be made to wait.
  const plenty = { perSecond: 1e9, most: 1e9 };
  const limits = { messages: plenty, computing: plenty, steps: plenty };
  const budgets = new ClientBudgets({ client: limits, address: limits });
  const server = await serverOf(await sourceOf(savedPair()), { budgets });
  const page = await pageOf(server);
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
  const count = () =>
    page.messages.filter(({ kind }) => kind !== 'rows' && kind !== 'outcomes').length;
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
