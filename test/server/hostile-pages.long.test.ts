import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { WatchServer } from '../../dist/src/server/server.js';
import { MOST_STEPS } from '../../src/play/replay.ts';
import { MOST_NUMBER } from '../../src/watch/connection.ts';
import {
  addressOf,
  pageOf,
  request,
  savedPair,
  serverOf,
  sourceOf,
  watchedPair,
} from '../watch/watching.ts';

const PASS = 4;

/** A page that answers no ping, as one that reads nothing. */
async function deafTo(server: WatchServer): Promise<WebSocket> {
  const socket = new WebSocket(addressOf(server), { autoPong: false });
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

test('nothing is computed for a page that does not read', async () => {
  const source = await sourceOf([savedPair()[0]]);
  const open = vi.spyOn(source, 'open');
  const server = await serverOf(source);
  const deaf = await deafTo(server);
  for (let id = 0; id < 4; id++) deaf.send(JSON.stringify(request({ id })));
  const page = await pageOf(server);
  page.send(request({ id: 5 }));
  await page.ends(5, 1);
  expect(open).toHaveBeenCalledOnce();
});

test('a page that sends and sends without reading is dropped, and no other', async () => {
  const { page, server } = await watchedPair();
  const deaf = await deafTo(server);
  const gone = once(deaf, 'close');
  for (let i = 0; i < 10_000; i++) deaf.send(JSON.stringify(request({ id: i % 4, seed: i })));
  server.beat();
  const error = page.error(); // comes after the answer to a ping
  page.socket.send('?');
  await error;
  server.beat();
  await gone;
  expect(server.clients).toBe(1);
});

test('pages that have most on its way to them are dropped where that is too much in all', async () => {
  const source = await sourceOf([savedPair()[0]]);
  const server = await serverOf(source, { mostBuffered: -1 });
  const page = await pageOf(server);
  const gone = once(page.socket, 'close');
  server.dropUnread();
  expect(server.clients).toBe(0);
  await gone;
});

test('a long play is computed in turns, between which others have theirs', async () => {
  const { page, server } = await watchedPair({
    envOptions: { size: 5, pixels: 16, timeMin: 2, timeMax: 4, slack: 2_000 },
  });
  const other = await pageOf(server);
  const actions = Array(MOST_STEPS).fill(PASS);
  page.send({ kind: 'play', id: 1, number: MOST_NUMBER, seed: 0, actions });
  await page.until(() => page.begin(1, 'you'));
  const error = other.error();
  other.socket.send('?');
  await error;
  expect(page.steps(1, 'you').length).toBeLessThan(MOST_STEPS);
  await page.until(() => page.messages.at(-1)?.kind === 'end');
  expect(page.steps(1, 'you')).toHaveLength(MOST_STEPS);
});

test('an episode that branches late is played only as far as the page has asked', async () => {
  const { page, source } = await watchedPair({
    envOptions: { size: 8, pixels: 16, timeMin: 2, timeMax: 4, slack: 2_000 },
  });
  const plan = {
    ...{ number: 1_900, seed: 0, policy: 'sample' as const },
    branch: { at: 1_500, number: 1_800 },
  };
  page.send(request({ ...plan, horizon: 1 }));
  await page.until(() => page.steps(1, 0).length === 1);
  expect(source.open(0, plan).steps.length).toBeLessThanOrEqual(32);
});
