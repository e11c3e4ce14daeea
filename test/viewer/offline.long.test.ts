/** A folder of static files that was opened once opens without a network, and never shows an older version than it must. */

import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
// Threads run the compiled code.
import { makePage, type PageContents } from '../../dist/src/page/make-page.js';
import { writePageFolder } from '../../dist/src/page/write-page.js';
import { pretrainedRun } from '../../dist/src/run/pretrained.js';
import { hasFirefox, openInFirefox } from './firefox.ts';
import { sharedBrowser } from './page-in-browser.ts';
import { hosted } from './static-host.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-offline-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

let clock: PageContents;
let two: PageContents;
beforeAll(async () => {
  const settings = { checkpoint: 'last', episodes: 1 } as const;
  clock = await makePage([pretrainedRun('nac-clock')], settings);
  two = await makePage([pretrainedRun('nac'), pretrainedRun('nac-clock')], settings);
}, 120_000);

/** Writes a page where there may be one. */
function written(contents: PageContents, name: string): string {
  const site = join(folder, name);
  writePageFolder(contents, site, { overwrite: true });
  return site;
}

async function newPage() {
  const context = await (await sharedBrowser()).newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  return { page, problems };
}

const VERSION = 'JSON.parse(document.getElementById("timegrid-parts").textContent).version';
/** The versions that are kept, those of other folders too. */
const KEPT = 'caches.keys().then((names) => names.map((name) => name.split(" ").at(-1)))';

/** Whether a version is being put in place. */
const CHANGING =
  'navigator.serviceWorker.ready.then(({ installing, waiting }) => installing !== null || waiting !== null)';
const PATIENT = { timeout: 20_000 };

/** Waits until the version on screen is the one that is kept. @returns it */
async function untilKept(page: Page): Promise<string> {
  const version: string = await page.evaluate(VERSION);
  const state = () => page.evaluate('navigator.serviceWorker.controller?.state');
  await expect.poll(state, PATIENT).toBe('activated');
  await expect.poll(() => page.evaluate(KEPT), PATIENT).toContain(version);
  await expect.poll(() => page.evaluate(CHANGING), PATIENT).toBe(false);
  return version;
}

async function expectOnTime(page: Page): Promise<void> {
  const pane = page.locator('.pane', { hasText: 'nac-clock' });
  const atEnd = () => page.keyboard.press('End').then(() => pane.innerText());
  await expect.poll(atEnd, PATIENT).toMatch(/On time/);
}

describe('in Chromium', () => {
  test('a page that was opened once opens again without a network, and plays any episode', async () => {
    const { address, stop } = await hosted(written(clock, 'plain'));
    const { page, problems } = await newPage();
    await page.goto(address);
    await untilKept(page);
    stop();
    await page.reload();
    await page.locator('.pane', { hasText: 'nac-clock' }).waitFor();
    await page.goto(`${address}?t=30&episode=3&step=0`);
    await page.getByText('step 30').waitFor();
    await expectOnTime(page);
    expect(problems).toEqual([]);
  });

  test('a new version is shown at once, and is the one that is kept from then on', async () => {
    const site = written(clock, 'renewed');
    const { address, stop } = await hosted(site);
    const { page, problems } = await newPage();
    await page.goto(address);
    const first = await untilKept(page);
    for (const contents of [two, clock, two]) {
      written(contents, 'renewed');
      await page.reload();
      await expect
        .poll(() => page.locator('.pane').count(), PATIENT)
        .toBe(contents === two ? 2 : 1);
      await untilKept(page);
    }
    const second = await untilKept(page);
    expect(second).not.toBe(first);
    expect(await page.evaluate(KEPT)).toHaveLength(2);
    stop();
    await page.goto(`${address}index.html?t=20&episode=1&step=0`);
    await expect.poll(() => page.locator('.pane').count(), PATIENT).toBe(2);
    await expectOnTime(page);
    expect(problems).toEqual([]);
  });

  test('what is put there by halves is not kept: the version before stays', async () => {
    const site = written(clock, 'halves');
    const { address, stop } = await hosted(site);
    const { page } = await newPage();
    await page.goto(address);
    const whole = await untilKept(page);
    written(two, 'halves');
    fs.appendFileSync(join(site, 'agent-0.parameters'), 'more');
    await page.reload();
    await expect.poll(() => page.locator('.pane').count(), PATIENT).toBe(2);
    await expect.poll(() => page.evaluate(CHANGING), PATIENT).toBe(false);
    stop();
    await page.reload();
    await expect.poll(() => page.locator('.pane').count(), PATIENT).toBe(1);
    expect(await page.evaluate(VERSION)).toBe(whole);
    await expectOnTime(page);
  });

  test('a page beside it on the same host is not its business', async () => {
    const site = written(clock, 'neighbours');
    fs.mkdirSync(join(site, 'notes'));
    fs.writeFileSync(join(site, 'notes', 'index.html'), '<!doctype html><p>one</p>');
    const { address } = await hosted(site);
    const { page } = await newPage();
    await page.goto(address);
    await untilKept(page);
    await page.goto(`${address}notes/index.html`);
    expect(await page.locator('p').innerText()).toBe('one');
    fs.writeFileSync(join(site, 'notes', 'index.html'), '<!doctype html><p>two</p>');
    await page.reload();
    expect(await page.locator('p').innerText()).toBe('two');
  });
});

/** Runs in a browser: shows the page in a frame, asks for its host to be stopped, loads it again and says what it sees. */
const PROBE = `
const tell = (path, body = '') => fetch(CONTROL + path, { method: 'POST', body });
const frame = document.createElement('iframe');
frame.style.cssText = 'width: 1200px; height: 900px';
const until = async (isSo) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
};
const shows = (pattern) => pattern.test(frame.contentDocument?.body?.innerText ?? '');
frame.src = './?t=16&step=0';
document.body.append(frame);
try {
  await until(() => shows(/step 16/));
  await until(() => frame.contentWindow.navigator.serviceWorker.controller?.state === 'activated');
  await tell('stop');
  await until(() => fetch('requests.json').then(() => false, () => true));
  frame.src = './?t=30&episode=3&step=0';
  await until(() => shows(/step 30/));
  await until(() => {
    const { document, KeyboardEvent } = frame.contentWindow;
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
    return shows(/On time/);
  });
  await tell('done', frame.contentDocument.body.innerText);
} catch (error) {
  await tell('done', String(error.stack ?? error));
}
`;

test.skipIf(!hasFirefox)(
  'in Firefox too',
  async () => {
    let seen: (what: Promise<string>) => void;
    const done = new Promise<string>((resolve) => {
      seen = resolve;
    });
    let stop = () => {};
    const control = await hosted(folder, (request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*');
      if (request.url === '/stop') stop();
      if (request.url === '/done') seen(text(request));
      response.end();
      return true;
    });
    const script = `const CONTROL = ${JSON.stringify(control.address)};\n${PROBE}`;
    const host = await hosted(written(clock, 'firefox'), (request, response) => {
      if (request.url !== '/probe.html') return false;
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!doctype html><title>probe</title><script type="module">${script}</script>`);
      return true;
    });
    stop = host.stop;
    await openInFirefox(`${host.address}probe.html`);
    expect(await done).toMatch(/On time/);
  },
  180_000,
);
