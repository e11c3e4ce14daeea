import { expect, test } from 'vitest';
import { pageOf, request, watchedPair } from './watching.ts';

test('a page that does not read fills no memory, and gets everything once it does', async () => {
  // Large pictures, so that an episode is far more than the system holds on its own, and all of them less than the server keeps.
  const side = 512;
  const { page, server } = await watchedPair({
    envOptions: { size: 5, pixels: side, timeMin: 2, timeMax: 4, slack: 100 },
    config: { convolutions: [{ filters: 2, size: 64, stride: 64 }] },
  });
  const picture = 3 * side * side;
  const deaf = await pageOf(server);
  deaf.socket.pause();
  const seeds = [0, 1, 2];
  for (const one of [deaf, page]) {
    for (const seed of seeds) one.send(request({ id: seed, seed, number: 60, policy: 'sample' }));
  }
  // Once the page that reads has everything, so would the other.
  await Promise.all(seeds.map((seed) => page.ends(seed, 2)));
  const everything = page.pictures.size * picture;
  expect(everything).toBeGreaterThan(20e6);
  expect(server.bufferedBytes).toBeLessThan(256 * 1024 + 64 * 1024 + 2 * picture);
  deaf.socket.resume();
  await Promise.all(seeds.map((seed) => deaf.ends(seed, 2)));
  for (const seed of seeds) {
    for (const agent of [0, 1]) expect(deaf.steps(seed, agent)).toEqual(page.steps(seed, agent));
  }
});
