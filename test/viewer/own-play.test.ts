import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { make } from '../../env/index.ts';
import { hasBrowser, openBrowser, stepsOf, Viewer } from './page-in-browser.ts';
import { scriptedShow, serveScripted } from './scripted-agents.ts';

const [UP, WAIT] = [0, 4];
/** The world's own: with t = 5 it is out of time after this many steps. */
const LIMIT = 17;

describe.skipIf(!hasBrowser)('the page, in a person’s hands', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  const show = () => scriptedShow(() => make('TimedGrid-v0'), [[UP, WAIT], [WAIT]]);

  async function play(options: Parameters<Browser['newPage']>[0] = {}) {
    const server = await serveScripted(show());
    const viewer = await Viewer.open(browser, server, '?t=5&step=0', options);
    await viewer.labelled(/^Play it yourself/).dispatchEvent('click');
    await viewer.pane('own').waitFor();
    return { viewer, server };
  }

  /** Presses a key several times before the page can do anything else. @param after milliseconds since the last time */
  const tap = ({ page }: Viewer, key: string, times: number, after = 0) =>
    page.evaluate(
      `(() => {
        for (let i = 0; i < ${times}; i++) {
          const event = new KeyboardEvent('keydown', { key: '${key}', bubbles: true, cancelable: true });
          globalThis.now = (globalThis.now ?? event.timeStamp) + (i === 0 ? ${after} : 1);
          Object.defineProperty(event, 'timeStamp', { value: globalThis.now });
          document.body.dispatchEvent(event);
        }
      })()`,
    );

  test('takes every move, however quickly they come', async () => {
    const { viewer } = await play();
    await tap(viewer, ' ', 9);
    await viewer.until(async () => (await viewer.step('own')) === 9);
    const acts = viewer.sent.filter((said) => said.kind === 'act');
    expect(acts.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await viewer.page.locator('.notice').isVisible()).toBe(false);
  });

  test('stays at the end where somebody taps on, until they pause', async () => {
    const { viewer } = await play();
    // The move after the last one can be under way before the end has come in.
    viewer.provoked.push(/the episode is over after 17 steps/);
    await tap(viewer, ' ', LIMIT + 10);
    const verdict = () => viewer.pane('own').getAttribute('data-verdict');
    await viewer.until(async () => (await verdict()) === 'never');
    await tap(viewer, ' ', 5, 300);
    await tap(viewer, 'ArrowLeft', 1, 300);
    expect(await viewer.step('own')).toBe(LIMIT);
    expect(await verdict()).toBe('never');
    expect(await viewer.page.locator('.notice').isVisible()).toBe(false);
    expect(viewer.address().get('step')).toBe(String(LIMIT));
    await tap(viewer, 'ArrowLeft', 1, 5000);
    await viewer.until(async () => (await viewer.step('own')) === LIMIT - 1);
    await tap(viewer, ' ', 1, 5000);
    await viewer.until(() => !viewer.address().has('step'));
  });

  test('goes on after the server has started anew, with what was done meanwhile', async () => {
    const { viewer, server } = await play();
    await tap(viewer, ' ', 3);
    await viewer.until(async () => (await viewer.step('own')) === 3);
    const port = await viewer.lose(server);
    await tap(viewer, ' ', 2);
    expect(await viewer.step('own')).toBe(3);
    await serveScripted(show(), port);
    await viewer.until(async () => (await viewer.step('own')) === 5);
    expect(viewer.sent.findLast(({ kind }) => kind === 'play')).toMatchObject({
      actions: [WAIT, WAIT, WAIT],
    });
    await tap(viewer, ' ', 1);
    await viewer.until(async () => (await viewer.step('own')) === 6);
  });

  test('is ended without a word by Escape, another episode or another number', async () => {
    const { viewer } = await play();
    const { page } = viewer;
    for (const [index, key] of ['Escape', 'n', ']'].entries()) {
      if (index > 0) await page.keyboard.press('y');
      await viewer.pane('own').waitFor();
      await tap(viewer, ' ', 1);
      await viewer.until(async () => (await viewer.step('own')) === 1);
      await page.keyboard.press(key);
      await viewer.pane('own').waitFor({ state: 'detached' });
    }
    const played = viewer.sent.filter((said) => said.kind === 'play');
    const cancelled = viewer.sent.filter((said) => said.kind === 'cancel').map(({ id }) => id);
    expect(played.filter(({ id }) => !cancelled.includes(id))).toEqual([]);
    expect(await page.locator('.notice').isVisible()).toBe(false);
  });

  test('needs no keyboard', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
    const { viewer } = await play(phone);
    const { page } = viewer;
    for (const move of ['up', 'wait', 'left'])
      await page.getByRole('button', { name: move, exact: true }).tap();
    await viewer.until(async () => (await viewer.step('own')) === 3);
    expect(stepsOf(viewer, 'you').map(({ action }) => action)).toEqual([0, 4, 2]);
    expect(await viewer.pane('own').textContent()).not.toContain('arrow keys');
    await page.getByRole('button', { name: 'End your play' }).tap();
    await viewer.pane('own').waitFor({ state: 'detached' });
    expect(await page.locator('.pad').isVisible()).toBe(false);
    expect(await viewer.labelled(/^Play \(/).isVisible()).toBe(true);
  });
});
