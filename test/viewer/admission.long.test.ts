import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { DRAWN, serve, sharedBrowser, trained, Viewer } from './page-in-browser.ts';

test('where other machines reach the page, the token in its address becomes a cookie', async () => {
  const server = await serve(await trained('nac'), 0, { host: '0.0.0.0' });
  const viewer = await Viewer.open(server, '?t=16');
  expect(viewer.page.url()).not.toContain('token');
  expect(viewer.parameter('t')).toBe('16');
  const [cookie] = await viewer.page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(await viewer.page.evaluate('document.cookie')).toBe('');

  // Another browser, which has no cookie.
  const context = await (await sharedBrowser()).newContext();
  onTestFinished(() => context.close());
  const stranger = await context.newPage();
  const answer = await stranger.goto(server.address);
  expect(answer!.status()).toBe(403);
  expect(await stranger.textContent('body')).toContain('including the token');
});

test('a page from an earlier run of the server says so, and does not try again', async () => {
  const source = await trained('nac');
  const server = await serve(source, 0, { host: '0.0.0.0' });
  const viewer = await Viewer.open(server);
  const port = await viewer.loseServer();
  await serve(source, port, { host: '0.0.0.0' });
  await viewer.page.getByText(/earlier run of the server; open the address/).waitFor();
});

test('a page that was idle gives way, says why, and connects again once it is used', async () => {
  const server = await serve(await trained('nac'), 0, { mostClients: 1 });
  const viewer = await Viewer.open(server);
  await viewer.press('k', 'Home');
  const other = new WebSocket(`${server.address.replace('http', 'ws')}socket`);
  onTestFinished(() => other.terminate());
  const sentence = viewer.page.getByText(/idle, and the server needed its place.*connect again/);
  await sentence.waitFor();
  await viewer.page.evaluate(DRAWN);
  expect(server.clients).toBe(1);
  const gone = new Promise<number>((resolve) => other.once('close', resolve));
  await viewer.press('ArrowRight');
  expect(await gone).toBe(4001);
  await sentence.waitFor({ state: 'hidden' });
  expect(await viewer.step()).toBe(1);
});
