import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { make } from '../../env/index.ts';
import { hasBrowser, openBrowser, Viewer } from './page-in-browser.ts';
import { scriptedShow, serveScripted } from './scripted-agents.ts';

const [UP, WAIT] = [0, 4];
/** With t = 5 the world is out of time after 17 steps. */
const LIMIT = 17;

describe.skipIf(!hasBrowser)('a moment', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  async function view(search: string): Promise<Viewer> {
    const scripts = [
      [WAIT, WAIT],
      [WAIT, WAIT, UP, WAIT],
    ];
    const server = await serveScripted(scriptedShow(() => make('TimedGrid-v0'), scripts));
    return Viewer.open(browser, server, search);
  }

  test('that the episode does not have is its last one', async () => {
    const viewer = await view('?t=5&step=9999');
    await viewer.until(() => viewer.address().get('step') === String(LIMIT));
    expect(await viewer.steps()).toEqual([LIMIT, LIMIT]);
  });

  test('to branch at that the episode does not have is its last one to branch at', async () => {
    const viewer = await view('?t=5&step=3&branch=900&then=9');
    await viewer.until(() => viewer.address().get('branch') === String(LIMIT - 1));
    await viewer.pane('branch-1').waitFor();
    expect(viewer.sent.findLast(({ kind }) => kind === 'episode')).toMatchObject({
      branch: { at: LIMIT - 1, number: 9 },
    });
    await viewer.until(() => viewer.address().get('step') === '3');
    expect(await viewer.page.locator('.timeline').getAttribute('data-branch')).toBe('16');
    expect(await viewer.page.locator('.timeline').getAttribute('data-due')).toBe('5 9');
  });

  test('of other agents is not passed off as one of these', async () => {
    const viewer = await view('?runs=nac-7-4M&t=5&step=3');
    await viewer.page.getByText('This address was made with nac-7-4M').waitFor();
  });

  test('where the agents first differ is marked in each pane, and told', async () => {
    const viewer = await view('?t=5&step=1');
    const { page } = viewer;
    const marks = () =>
      page.evaluate<string[]>(
        "[...document.querySelectorAll('.parting')].map((mark) => getComputedStyle(mark).opacity)",
      );
    const label = () => viewer.pane('agent-0').locator('.screen').getAttribute('aria-label');
    const status = page.getByRole('status').filter({ hasText: /^Step/ });
    expect(await page.locator('.timeline').getAttribute('data-difference')).toBe('2');
    expect(await marks()).toEqual(['0', '0']);
    expect(await label()).not.toContain('first different action');
    await page.keyboard.press('ArrowRight');
    await viewer.until(async () => (await marks()).join() === '1,1');
    expect(await label()).toContain('step 2 of 5, Waiting\u00a0…, first different action');
    expect(await status.textContent()).toBe('Step 2: first different action.');
    const slider = viewer.labelled('Step of the episode');
    expect(await slider.getAttribute('aria-valuetext')).toBe('step 2 of 5, first different action');
    await page.keyboard.press('ArrowRight');
    await viewer.until(async () => (await marks()).join() === '0,0');
    await page.keyboard.press('End');
    await viewer.until(async () =>
      /^Step 17: player 1: Never arrived/.test((await status.textContent()) ?? ''),
    );
  });
});
