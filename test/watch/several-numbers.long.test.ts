import { expect, test } from 'vitest';
import { type Page, request, watchedPair } from './watching.ts';

const world = { env: 'TwoTimes-v0', envOptions: { size: 3, pixels: 12 } };

async function begun(page: Page, id: number, fields: Parameters<typeof request>[0]) {
  page.send(request({ id, number: 11, ...fields }));
  await page.ends(id, 2);
  return page.begin(id, 0)!;
}

test('a page is told every number of the world, and may fix any', async () => {
  const { page } = await watchedPair(world);
  const { world: told } = await page.hello();
  expect(told.number).toMatchObject({ symbol: 't2', trained: [11, 15] });
  expect(told.otherNumbers).toEqual([
    { option: 'first', symbol: 't1', meaning: 'first time', countsSteps: true, trained: [4, 7] },
  ]);
  const drawn = await begun(page, 1, {});
  expect(drawn.numbers).toEqual({ second: 11, first: expect.any(Number) });
  expect(await begun(page, 2, { others: { first: 9 } })).toMatchObject({
    ...{ number: 11, numbers: { second: 11, first: 9 } },
  });
  page.send({ kind: 'play', id: 3, number: null, others: { first: 3 }, seed: 1 });
  await page.until(() => page.begin(3, 'you') !== undefined);
  expect(page.begin(3, 'you')!.numbers!.first).toBe(3);
});

test('an episode that was told other numbers is no part of the chart', async () => {
  const { page } = await watchedPair(world);
  await begun(page, 1, { others: { first: 9 } });
  await begun(page, 2, { number: 12 });
  const rows = await page.until(() => page.of('rows').find((one) => one.rows.length > 0)?.rows);
  expect(rows.map(({ number }) => number)).toEqual([12]);
});

test('others names numbers of the world alone', async () => {
  const { page } = await watchedPair(world);
  page.send(request({ others: { fist: 9 } }));
  await page.until(() => page.of('error').length > 0);
  expect(page.of('error')[0]).toMatchObject({
    code: 'out-of-range',
    message: 'TwoTimes-v0 tells the other numbers first, so others cannot name "fist"',
  });
});
