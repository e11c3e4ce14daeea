import fs from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { make } from '../../env/index.ts';
import { startSeed } from '../../src/play/episodes.ts';
import { savedPair } from '../watch/watching.ts';
import { hasBrowser, openBrowser, serve, showOf, Viewer } from './page-in-browser.ts';
import { readBack } from './pixels.ts';

describe.skipIf(!hasBrowser)('the page', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  /** The page of two agents that were never trained. */
  async function view(search: string, by = browser): Promise<Viewer> {
    const show = await showOf(savedPair({ envOptions: {} }));
    onTestFinished(() => show.close());
    const server = await serve(show);
    onTestFinished(() => server.close());
    return Viewer.open(by, server, search);
  }

  test('goes where its charts and its timeline are pointed at', async () => {
    const viewer = await view('?t=30&step=0');
    const { page } = viewer;
    await viewer.until(() => viewer.received.filter(({ kind }) => kind === 'end').length >= 2);
    const steps = page.locator('.timeline canvas');
    const wide = (await steps.boundingBox())!.width;
    await steps.click({ position: { x: wide - 15, y: 30 } });
    await viewer.until(async () => (await viewer.step()) > 0);
    const end = Number(viewer.address().get('step'));
    const value = viewer.pane('agent-0').locator('[data-readout="value"] canvas');
    const half = (await value.boundingBox())!.width / 2;
    await value.click({ position: { x: half, y: 10 } });
    await viewer.until(() => {
      const step = Number(viewer.address().get('step'));
      return Math.abs(step - end / 2) <= 1;
    });

    const chart = page.locator('.chart').filter({ hasText: 'Reward against the time told' });
    const reading = chart.locator('.reading');
    await viewer.until(async () => ((await reading.textContent()) ?? '').startsWith('t = 30 ·'));
    await chart.locator('.u-over').click({ position: { x: 3, y: 40 } });
    await viewer.until(() => viewer.address().get('t') !== '30');
    const t = viewer.address().get('t');
    await viewer.until(async () => (await viewer.task()).includes(`step ${t}`));
    await page.mouse.move(10, 10);
    await viewer.until(async () => ((await reading.textContent()) ?? '').startsWith(`t = ${t} ·`));
  });

  test('keeps the cursor on the learning curve where it is put, until it is put on the checkpoint on screen', async () => {
    const paths = savedPair({ envOptions: {}, totalFrames: 2e6 });
    const metrics = [0, 1e6, 2e6].map((frames) => ({ frames, reward: 4, exact: 0 }));
    for (const path of paths) {
      const lines = metrics.map((record) => `${JSON.stringify(record)}\n`);
      fs.writeFileSync(join(path, 'metrics.jsonl'), lines.join(''));
    }
    const show = await showOf(paths);
    onTestFinished(() => show.close());
    const server = await serve(show);
    onTestFinished(() => server.close());
    const viewer = await Viewer.open(browser, server, '?t=9&step=0');
    const { page } = viewer;
    const chart = page.locator('.chart').filter({ hasText: 'Reward while learning' });
    const says = async () => (await chart.locator('.reading').textContent()) ?? '';
    const atRest = 'on screen: baseline 4.0 at 2.00 M · nac 4.0 at 2.00 M';
    await viewer.until(async () => (await says()) === atRest);
    const plot = chart.locator('.u-over');
    const { width } = (await plot.boundingBox())!;
    await plot.click({ position: { x: width / 2, y: 40 } });
    await page.mouse.move(10, 10);
    await viewer.until(async () =>
      /^at (0\.9|1\.0)\d M · baseline 4\.0 · nac 4\.0$/.test(await says()),
    );
    await plot.click({ position: { x: width - 2, y: 40 } });
    await page.mouse.move(10, 10);
    await viewer.until(async () => (await says()) === atRest);
  });

  test('shows in a branch what is switched on later, and stays where it is', async () => {
    const viewer = await view('?t=30&step=2');
    await viewer.page.keyboard.press('b');
    await viewer.pane('branch-1').waitFor();
    const asked = viewer.sent.findLast((said) => said.kind === 'episode' && said.branch);
    await viewer.page.keyboard.press('5');
    for (const name of ['agent-0', 'branch-0', 'branch-1']) {
      const readout = viewer.pane(name).locator('[data-readout="observed"]');
      await viewer.until(async () => ((await readout.textContent()) ?? '').includes('56 × 56'));
    }
    expect(asked).toMatchObject({ branch: { at: 2, number: 36 } });
    expect(viewer.address().get('branch')).toBe('2');
    expect(await viewer.steps()).toEqual([2, 2, 2, 2]);
  });

  test('says why a person cannot branch their own play', async () => {
    const viewer = await view('?t=30&step=2');
    await viewer.labelled(/^Play it yourself/).click();
    await viewer.pane('own').waitFor();
    expect(await viewer.labelled(/^Branch: not of your own play/).isDisabled()).toBe(true);
    await viewer.page.keyboard.press('b');
    await viewer.page.getByText(/only agents do the same again/).waitFor();
    expect(await viewer.pane('own').count()).toBe(1);
  });

  test('draws the same picture where the browser has no WebGL', async () => {
    const plain = await openBrowser(['--disable-3d-apis']);
    onTestFinished(() => plain.close());
    const viewer = await view('?t=20&episode=3&step=0', plain);
    viewer.provoked.push(/No available adapters/);
    await viewer.page.keyboard.press('w');
    await viewer.page.waitForTimeout(200);
    const world = make('TimedGrid-v0');
    world.reset({ seed: startSeed(3), options: { time: 20 } });
    expect(await readBack(viewer, 'agent-0')).toEqual([...world.render().pixels]);
  });
});
