/** Pages that need no server train agents: to the bits of `timegrid train`, in more than one browser, and nothing is lost with a tab. */

import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePage, type PageContents } from '../../dist/src/page/make-page.js';
import { writePageFolder, writeSinglePage } from '../../dist/src/page/write-page.js';
import { loadSavedAgent } from '../../dist/src/play/saved-agent.js';
// Threads run the compiled code.
import { hashOf } from '../../dist/src/run/checked-json.js';
import { pretrainedRun } from '../../dist/src/run/pretrained.js';
import { verifyRun } from '../../dist/src/run/verify.js';
import { train } from '../../dist/src/train/train.js';
import { hasFirefox, openInFirefox } from './firefox.ts';
import { pageAlone } from './page-in-browser.ts';
import { hosted } from './static-host.ts';

const FRAMES = 1_920;
const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-training-'));
const site = join(folder, 'site');
let contents: PageContents;
/** The parameters that Node trains with the same settings. */
let expected: Float32Array;

beforeAll(async () => {
  contents = await makePage([pretrainedRun('nac-clock')], { checkpoint: 'last', episodes: 1 });
  writePageFolder(contents, site);
  const run = join(folder, 'of-node');
  await train({ agent: 'nac', frames: FRAMES, engine: 'wasm', threads: 1, run });
  expected = await parametersOf(run);
}, 120_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const parametersOf = async (run: string): Promise<Float32Array> =>
  (await loadSavedAgent(run, 'last', 'onnx', 1)).parameters;

async function newPage(address: string) {
  const opened = await pageAlone();
  await opened.page.goto(address);
  return opened;
}

const PATIENT = { timeout: 100_000 };
const bar = (page: Page) => page.getByRole('region', { name: 'Training in this browser' });
const button = (page: Page, name: string) => bar(page).getByRole('button', { name, exact: true });

/** Begins a training by the dialog. */
async function begin(page: Page, frames: number, world?: string): Promise<void> {
  await page.getByRole('button', { name: 'Train an agent in this browser' }).click();
  const dialog = page.getByRole('dialog', { name: 'Train an agent in this browser' });
  await dialog.getByLabel('Agent').selectOption('nac');
  if (world) await dialog.getByLabel('World').selectOption(world);
  await dialog.getByLabel('Frames').fill(String(frames));
  await dialog.getByRole('button', { name: 'Train', exact: true }).click();
}

/** Saves the run on screen and unpacks it. */
async function saved(page: Page): Promise<string> {
  const downloading = page.waitForEvent('download');
  await button(page, 'Save run').click();
  const download = await downloading;
  const target = fs.mkdtempSync(join(folder, 'saved-'));
  const file = join(target, 'run.zip');
  await download.saveAs(file);
  const archive = unzipSync(fs.readFileSync(file));
  fs.rmSync(file);
  for (const [path, bytes] of Object.entries(archive)) {
    fs.mkdirSync(dirname(join(target, path)), { recursive: true });
    fs.writeFileSync(join(target, path), bytes);
  }
  return join(target, fs.readdirSync(target)[0]!);
}

describe('in Chromium', { timeout: 120_000 }, () => {
  test('an agent is trained beside the others, and saved as a run with the bits of timegrid train', async () => {
    const { address } = await hosted(site);
    const { page, problems } = await newPage(address);
    await begin(page, FRAMES);
    await bar(page).getByText('Trained', { exact: true }).waitFor(PATIENT);
    // Where the episode on screen cannot be exact, its pane says that at the end instead.
    const yours = page.locator('.pane', { hasText: 'your nac' });
    await yours.getByText(/^(trained on|nobody could be exact)/).waitFor(PATIENT);
    expect(await page.locator('.pane').count()).toBe(2);
    expect(problems).toEqual([]);
    const run = await saved(page);
    expect(verifyRun(run).isWhole).toBe(true);
    expect(await parametersOf(run)).toEqual(expected);
  });

  test('a training that was stopped, and whose tab was closed, goes on to the same bits', async () => {
    const { address } = await hosted(site);
    const { page } = await newPage(address);
    await begin(page, FRAMES);
    await button(page, 'Stop').click(PATIENT);
    await bar(page)
      .getByText(/^(Stopped|Trained)$/)
      .waitFor(PATIENT);
    const again = await page.context().newPage();
    await again.goto(page.url());
    await page.close();
    await again.locator('.pane', { hasText: 'your nac' }).waitFor(PATIENT);
    if (await button(again, 'Continue').isVisible()) await button(again, 'Continue').click();
    await bar(again).getByText('Trained', { exact: true }).waitFor(PATIENT);
    expect(await parametersOf(await saved(again))).toEqual(expected);
  });

  test('an agent of another world is shown alone, and all runs are listed until they are deleted', async () => {
    const { address } = await hosted(site);
    const { page, problems } = await newPage(address);
    await begin(page, 1_000, 'CountCoins-v0');
    await bar(page).getByText('Trained', { exact: true }).waitFor(PATIENT);
    await page.locator('.pane', { hasText: 'your nac' }).waitFor(PATIENT);
    expect(await page.locator('.pane').count()).toBe(1);
    await button(page, 'Close').click();
    await page.locator('.pane', { hasText: 'nac-clock' }).waitFor(PATIENT);
    expect(await bar(page).count()).toBe(0);
    await page.getByRole('button', { name: 'Train an agent in this browser' }).click();
    await page.getByText('nac in CountCoins-v0, 1.3K frames').waitFor();
    page.on('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Delete CountCoins-v0-nac-1' }).click();
    await page.getByText('nac in CountCoins-v0').waitFor({ state: 'hidden' });
    expect(problems).toEqual([]);
  });

  test('a page that is one file trains, too', async () => {
    const file = join(folder, 'agents.html');
    writeSinglePage(contents, file);
    const { page, problems } = await newPage(`file://${file}`);
    await begin(page, FRAMES);
    await bar(page).getByText('Trained', { exact: true }).waitFor(PATIENT);
    expect(await parametersOf(await saved(page))).toEqual(expected);
    expect(problems).toEqual([]);
  });

  test('an address of a run that this browser does not have says so', async () => {
    const { address } = await hosted(site);
    const { page } = await newPage(`${address}?run=nac-7`);
    await page.getByText('This browser has no run nac-7.').waitFor();
    await page.locator('.pane', { hasText: 'nac-clock' }).waitFor();
  });
});

/** Runs in a browser: trains in a page's thread, and posts back what came out. */
const PROBE = `
const worker = new Worker('worker.js', { type: 'module' });
const finish = (told) => fetch('done', { method: 'POST', body: JSON.stringify(told) });
let parameters;
worker.onerror = (event) => finish({ broken: String(event.message) });
worker.onmessage = ({ data }) => {
  if (data.broken) finish(data);
  if (data.saved) parameters = Array.from(data.saved.parameters);
  if (data.ended) finish({ parameters });
};
const choice = { agent: 'nac', env: 'TimedGrid-v0', envOptions: {}, seed: 1, frames: ${FRAMES} };
const train = { name: 'nac-1', choice, goes: true, browser: navigator.userAgent };
worker.postMessage({ base: new URL('.', location.href).href, wasm: 'ort-wasm-simd-threaded.wasm', train });
`;

test.skipIf(!hasFirefox)('Firefox trains to the bits of Node', { timeout: 120_000 }, async () => {
  let tell: (told: Promise<unknown>) => void;
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  const { address } = await hosted(site, (request, response) => {
    if (request.url === '/done') {
      tell(json(request));
      response.end();
    } else if (request.url === '/probe.html') {
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!doctype html><title>probe</title><script type="module">${PROBE}</script>`);
    } else {
      return false;
    }
    return true;
  });
  await openInFirefox(`${address}probe.html`);
  const { parameters, broken } = (await told) as { parameters: number[]; broken?: string };
  expect(broken).toBeUndefined();
  const bits = (values: Float32Array) => hashOf(new Uint8Array(values.buffer.slice(0)));
  expect(bits(Float32Array.from(parameters))).toBe(bits(expected.slice()));
});
