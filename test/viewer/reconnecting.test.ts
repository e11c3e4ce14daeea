import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { make } from '../../env/index.ts';
import { savedPair } from '../watch/watching.ts';
import { hasBrowser, openBrowser, serve, showOf, Viewer } from './page-in-browser.ts';
import { scriptedShow, serveScripted } from './scripted-agents.ts';

const WAIT = 4;

describe.skipIf(!hasBrowser)('the page, after the server has started anew', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  /** The page, whose server goes and comes back. */
  async function view(search: string) {
    const show = await showOf(savedPair({ envOptions: {} }));
    onTestFinished(() => show.close());
    const server = await serve(show);
    onTestFinished(() => server.close());
    const viewer = await Viewer.open(browser, server, search);
    const back = async (port: number) => {
      const again = await serve(show, port);
      onTestFinished(() => again.close());
      await viewer.page.getByText(/The server is gone/).waitFor({ state: 'hidden' });
    };
    return { viewer, lose: () => viewer.lose(server), back };
  }

  test('still shows its branch, and tells it another number', async () => {
    const { viewer, lose, back } = await view('?t=20&step=3&branch=3&then=26');
    await viewer.pane('branch-1').waitFor();
    const port = await lose();
    await viewer.page.keyboard.press('ArrowRight');
    await back(port);
    expect(await viewer.steps()).toEqual([4, 4, 4, 4]);
    expect(viewer.address().get('branch')).toBe('3');
    await viewer.page.keyboard.press(']');
    await viewer.until(() =>
      viewer.sent.some((said) => said.kind === 'episode' && said.branch?.number === 27),
    );
    const title = viewer.pane('branch-0').locator('h2');
    await viewer.until(async () => ((await title.textContent()) ?? '').includes('27'));
  });

  test('plays on, and gets what it had not got', async () => {
    const waiting = () => scriptedShow(() => make('TimedGrid-v0'), [[WAIT], [WAIT]]);
    const server = await serveScripted(waiting());
    const viewer = await Viewer.open(browser, server, '?t=1500&episode=4');
    await viewer.labelled('Speed').selectOption('Infinity');
    await viewer.until(async () => (await viewer.step()) > 10);
    const port = await viewer.lose(server);
    await serveScripted(waiting(), port);
    await viewer.page.getByText(/The server is gone/).waitFor({ state: 'hidden' });
    const before = await viewer.step();
    await viewer.until(async () => (await viewer.step()) > before);
    expect(viewer.address().has('step')).toBe(false);
    await viewer.until(async () => {
      await viewer.page.keyboard.press('End');
      return (await viewer.step()) === 1512;
    });
    expect(await viewer.steps()).toEqual([1512, 1512]);
  });
});
