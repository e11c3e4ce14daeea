import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Corridor } from '../env/corridor.ts';
import { Purse } from '../env/purse.ts';
import { hasBrowser, openBrowser, Viewer } from './page-in-browser.ts';
import { scriptedShow, serveScripted } from './scripted-agents.ts';

const [TAKE, WAIT, LEAVE] = [0, 1, 2];

describe.skipIf(!hasBrowser)('the page, of another world', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  async function view(show: ReturnType<typeof scriptedShow>, search: string): Promise<Viewer> {
    return Viewer.open(browser, await serveScripted(show), search);
  }

  const clock = (viewer: Viewer) =>
    viewer.pane('agent-0').locator('.clock').getAttribute('aria-label');

  test('whose number counts no steps: says the number, and holds no clock against it', async () => {
    const scripts = [
      [TAKE, TAKE, TAKE, LEAVE],
      [TAKE, LEAVE],
      [TAKE, TAKE, TAKE, TAKE, TAKE, LEAVE],
      [WAIT],
    ];
    const viewer = await view(
      scriptedShow(() => new Purse(), scripts),
      '?t=3&step=2',
    );
    expect(await viewer.task()).toBe(
      'All agents have been told: coins, k = 3. Trained on 1 to 3 only.',
    );
    expect(await clock(viewer)).toBe('step 2');
    const slider = viewer.labelled('Coins k told to the agents');
    expect(await slider.getAttribute('aria-valuetext')).toBe('k = 3');
    await viewer.page.getByText('Reward against the coins told').waitFor();
    await viewer.page.keyboard.press('End');
    const verdicts = ['exact', 'early', 'late', 'never'];
    const says = ['✓ Exact', '2 too few', '2 too many', '✕ Not done'];
    for (const [agent, verdict] of verdicts.entries()) {
      const pane = viewer.pane(`agent-${agent}`);
      await viewer.until(async () => (await pane.getAttribute('data-verdict')) === verdict);
      expect(await pane.locator('.verdict').textContent()).toBe(says[agent]);
    }
    await viewer.slide(slider, 8);
    await viewer.until(() =>
      viewer.received.some((one) => one.kind === 'begin' && one.number === 9),
    );
    await viewer.until(async () => (await viewer.task()).includes('k = 9'));
  });

  test('that tells no number: has no slider, no branch and no chart of it', async () => {
    const show = scriptedShow(() => new Corridor(), [[1], [0]]);
    const viewer = await view(show, '?step=1');
    expect(await viewer.task()).toBe('Corridor-v0: same world, same start, same step.');
    expect(await clock(viewer)).toBe('step 1');
    const { page } = viewer;
    expect(await page.locator('.controls .time').isVisible()).toBe(false);
    expect(await viewer.labelled(/^Branch: not here/).isDisabled()).toBe(true);
    expect(await page.locator('.chart:visible').count()).toBe(0);
    expect(viewer.sent.find(({ kind }) => kind === 'episode')).toMatchObject({ number: null });
    await page.keyboard.press('End');
    const said = viewer.pane('agent-0').locator('.verdict');
    await viewer.until(async () => (await said.textContent()) === 'Reward 1.00');
  });
});
