import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Show } from '../../dist/src/watch/show.js';
import { savedPair } from '../watch/stand.ts';
import { hasBrowser, openBrowser, serve, showOf, Viewer } from './stand.ts';

describe.skipIf(!hasBrowser)('the page, after the server has started anew', () => {
  let browser: Browser;
  let show: Show;

  beforeAll(async () => {
    browser = await openBrowser();
    show = await showOf(savedPair({ envOptions: {} }));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await show?.close();
  });

  /** The page, whose server goes and comes back. */
  async function view(search: string) {
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
      viewer.sent.some((said) => said.kind === 'episode' && said.branch?.time === 27),
    );
    const title = viewer.pane('branch-0').locator('h2');
    await viewer.until(async () => ((await title.textContent()) ?? '').includes('27'));
  });

  test('plays on, through this episode and into the next', async () => {
    // A long one, of which the page has only the beginning when the server goes.
    const { viewer, lose, back } = await view('?t=1500&episode=4');
    await viewer.labelled('Speed').selectOption('Infinity');
    await viewer.until(async () => (await viewer.step()) > 100);
    const port = await lose();
    await back(port);
    const before = await viewer.step();
    expect(before).toBeGreaterThan(100);
    const isOn = async () =>
      (await viewer.step()) > before + 300 || viewer.address().get('episode') !== '4';
    await viewer.until(isOn);
    await viewer.page.keyboard.press('n');
    await viewer.until(() => Number(viewer.address().get('episode')) >= 5);
    expect(viewer.address().has('step')).toBe(false);
  });
});
