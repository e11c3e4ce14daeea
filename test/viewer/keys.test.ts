import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { make } from '../../env/index.ts';
import { hasBrowser, openBrowser, Viewer } from './page-in-browser.ts';
import { scriptedShow, serveScripted } from './scripted-agents.ts';

const [UP, WAIT] = [0, 4];

describe.skipIf(!hasBrowser)('the page, by keyboard', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  async function view(search: string): Promise<Viewer> {
    const server = await serveScripted(
      scriptedShow(() => make('TimedGrid-v0'), [[UP, WAIT], [WAIT]]),
    );
    return Viewer.open(browser, server, search);
  }

  const at = (viewer: Viewer, name: string, value: string | null) => () =>
    viewer.address().get(name) === value;
  const plays = (viewer: Viewer) => () => !viewer.address().has('step');

  test('is obeyed after a slider, a list or a field was used by pointer', async () => {
    const viewer = await view('?t=20&step=0');
    const { page } = viewer;
    const slider = viewer.labelled('Time t told to the agents');
    await slider.click({ position: { x: 60, y: 8 } });
    await viewer.until(() => viewer.address().get('t') !== '20');
    const told = viewer.address().get('t');
    await page.keyboard.press('ArrowRight');
    await viewer.until(at(viewer, 'step', '1'));
    expect(viewer.address().get('t')).toBe(told);

    const speed = viewer.labelled('Speed');
    await speed.selectOption('8');
    await page.keyboard.press(' ');
    await viewer.until(plays(viewer));
    await page.keyboard.press('k');

    await viewer.labelled(/^Episode number/).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('7');
    await page.keyboard.press(' ');
    await viewer.until(plays(viewer));
    expect(viewer.address().get('episode')).toBe('7');
  });

  test('leaves a focused control its own keys, and only those', async () => {
    const viewer = await view('?t=20&step=2');
    const { page } = viewer;
    await viewer.labelled('Step of the episode').focus();
    await page.keyboard.press('ArrowRight');
    await viewer.until(at(viewer, 'step', '3'));
    await page.keyboard.press(' ');
    await viewer.until(plays(viewer));
    await page.keyboard.press('k');

    await viewer.labelled('Time t told to the agents').focus();
    await page.keyboard.press('ArrowRight');
    await viewer.until(at(viewer, 't', '21'));
    await page.keyboard.press('n');
    await viewer.until(at(viewer, 'episode', '1'));

    const speed = viewer.labelled('Speed');
    await speed.focus();
    await page.keyboard.press('ArrowDown');
    await viewer.until(async () => (await speed.inputValue()) === '2');
    await page.keyboard.press('n');
    await viewer.until(at(viewer, 'episode', '2'));
    expect(await speed.evaluate((list) => list.matches(':focus'))).toBe(true);
  });

  test('puts back what holds where something else than a number of the range is typed, and says so', async () => {
    const viewer = await view('?t=20&episode=3&step=0');
    const { page } = viewer;
    const says = page.locator('.notice');
    const fields = [
      { label: /^Episode number/, junk: ['-3', '', '1.5', '2000000000'], holds: '3' },
      { label: 'Time t, exactly', junk: ['', '0', '5000'], holds: '20' },
    ];
    for (const { label, junk, holds } of fields) {
      const field = viewer.labelled(label);
      for (const [turn, text] of junk.entries()) {
        await field.fill(text);
        await page.keyboard.press(turn % 2 === 0 ? 'Enter' : 'Tab');
        await viewer.until(async () => (await field.inputValue()) === holds);
        await viewer.until(async () =>
          /is a whole number from/.test((await says.textContent()) ?? ''),
        );
      }
    }
    const asked = viewer.sent.filter(({ kind }) => kind === 'episode');
    expect(asked.every((one) => 'number' in one && one.number === 20)).toBe(true);
    expect(viewer.address().get('episode')).toBe('3');
  });

  test('closes what is open with Escape, and ends a play only when nothing is', async () => {
    const viewer = await view('?t=20&step=0');
    const { page } = viewer;
    const press = (key: string) => page.keyboard.press(key);
    await press('y');
    await viewer.pane('own').waitFor();
    await press('?');
    await page.locator('dialog[open]').waitFor();
    await press('Escape');
    await page.locator('dialog').waitFor({ state: 'hidden' });
    await viewer.labelled(/^Save/).first().click();
    await page.locator('#record-menu').waitFor();
    await press('Escape');
    await page.locator('#record-menu').waitFor({ state: 'hidden' });
    expect(await viewer.pane('own').count()).toBe(1);
    await press('Escape');
    await viewer.pane('own').waitFor({ state: 'detached' });
  });

  test('says beside each control which key does the same', async () => {
    const viewer = await view('?t=20&step=0');
    const { page } = viewer;
    await page.keyboard.press('?');
    const listed = (await page.locator('dialog kbd').allTextContents()).map((key) =>
      key.toUpperCase(),
    );
    const hinted = await page.locator('.menu kbd').allTextContents();
    expect(hinted.length).toBe(await page.locator('.menu .choice').count());
    expect(hinted.filter((key) => !listed.includes(key))).toEqual([]);
    const titles = await page
      .locator(
        '.controls input, .controls select, .controls button:not(.pad *, [popovertarget]), .tools > button',
      )
      .evaluateAll((controls) => controls.map((control) => control.getAttribute('title') ?? ''));
    expect(titles.filter((title) => !/[([]/.test(title))).toEqual([]);
  });
});
