/** Pages that need no server: that they show what `timegrid watch` shows, in more than one browser. */

import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
// Threads run the compiled code.
import { makePage, type PageContents } from '../../dist/src/page/make-page.js';
import { writePageFolder, writeSinglePage } from '../../dist/src/page/write-page.js';
import { pretrainedRun } from '../../dist/src/run/pretrained.js';
import { openRuns } from '../../dist/src/server/open-runs.js';
import { train } from '../../dist/src/train/train.js';
import { makeUntrainedRun } from '../../dist/src/train/untrained-run.js';
import { pictureHash } from '../../env/index.ts';
import {
  type ClientMessageInput,
  type EpisodeRequest,
  EXTRAS,
  serverMessageSchema,
} from '../../src/watch/protocol.ts';
import { decodePicture } from '../../src/watch/wire-picture.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { tinyOptions, UPDATE } from '../train/tiny.ts';
import { type Of, pageOf, serverOf } from '../watch/watching.ts';
import { hasFirefox, openInFirefox } from './firefox.ts';
import { pageAlone, sharedBrowser } from './page-in-browser.ts';
import { hosted } from './static-host.ts';

const RUNS = (['baseline', 'nac', 'nac-clock'] as const).map(pretrainedRun);
const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-pages-'));
const site = join(folder, 'site');
let contents: PageContents;

beforeAll(async () => {
  contents = await makePage(RUNS, { checkpoint: 'last', episodes: 2 });
  writePageFolder(contents, site);
}, 120_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Opens a page in Chromium and waits for its first episode. */
async function opened(address: string) {
  const { page, problems } = await pageAlone();
  await page.goto(address);
  await page.getByText('step 16').waitFor();
  return { page, problems };
}

describe('in Chromium', () => {
  test('a folder shows its first episode before its agents are loaded, and then any other', async () => {
    const { address, sent } = await hosted(site);
    const { page, problems } = await opened(address);
    await page.locator('.pane').nth(2).waitFor();
    const firstView = sent.filter(({ name }) => !/worker|agent-|\.wasm|page\.json/.test(name));
    expect(firstView.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(4 * 2 ** 20);
    await page.goto(`${address}?t=30&episode=3&step=0`);
    await page.getByText('step 30').waitFor();
    await page.keyboard.press('End');
    await expect
      .poll(() => page.locator('.pane', { hasText: 'nac-clock' }).innerText())
      .toMatch(/On time/);
    expect(problems).toEqual([]);
    // Everything that it needs is there: nothing was asked for that is not.
    expect(sent.map(({ name }) => name)).toContain('ort-wasm-simd-threaded.wasm');
  });

  test('one file shows them too, from the disk', async () => {
    const file = join(folder, 'agents.html');
    writeSinglePage(contents, file);
    const { page, problems } = await opened(`file://${file}?t=16&episode=2&step=0`);
    await page.keyboard.press('End');
    await expect
      .poll(() => page.locator('.pane', { hasText: 'nac-clock' }).innerText())
      .toMatch(/On time/);
    expect(problems).toEqual([]);
  });

  test('an agent plays as it was at each point of its training that was kept', async () => {
    const run = join(temporaryFolder(), 'nac');
    await train({ ...tinyOptions({ agent: 'nac', frames: 8 * UPDATE }), run, keep: 5 });
    const keptSite = join(folder, 'kept-site');
    writePageFolder(await makePage([run], { checkpoint: 'last', episodes: 1 }), keptSite);
    const { address } = await hosted(keptSite);
    const page = await (await sharedBrowser()).newPage();
    onTestFinished(() => page.close());
    await page.goto(`${address}?t=6&episode=2&step=0`);
    const slider = page.getByLabel(/^Frames of training/);
    await expect.poll(() => slider.getAttribute('max')).toBe('4');
    const pane = page.locator('.pane');
    const seen = new Set<string>();
    for (const stop of ['4', '0', '2']) {
      await slider.fill(stop);
      if (stop === '0') await pane.getByText('untrained').waitFor();
      await expect.poll(async () => seen.has(await pane.innerText())).toBe(false);
      seen.add(await pane.innerText());
    }
    expect(seen.size).toBe(3);
  });

  test("a user's own world goes along", async () => {
    const file = join(import.meta.dirname, '../../examples/knock.ts');
    const { path: run, remove } = await makeUntrainedRun(file);
    onTestFinished(remove);
    const own = await makePage([run], { checkpoint: 'last', episodes: 2, env: file });
    const ownSite = join(folder, 'knock-site');
    writePageFolder(own, ownSite);
    const { address } = await hosted(ownSite);
    const page = await (await sharedBrowser()).newPage();
    onTestFinished(() => page.close());
    await page.goto(`${address}?t=5&episode=1&policy=sample&step=0`);
    await page.getByText('n = 5', { exact: true }).waitFor();
    await page.keyboard.press('End');
    await expect
      .poll(() => page.locator('.pane').first().innerText())
      .toMatch(/Exact|few|many|Not done/);
  });
});

const ASKED = {
  seed: 0,
  policy: 'greedy' as const,
  include: [...EXTRAS],
  horizon: 2048,
} satisfies Partial<EpisodeRequest>;
/** What both wires are asked, one after the other. */
const REQUESTS: readonly (ClientMessageInput & { readonly id: number })[] = [
  { kind: 'episode', id: 1, number: 9, ...ASKED },
  { kind: 'episode', id: 2, number: 30, ...ASKED, seed: 4 },
  { kind: 'episode', id: 3, number: 16, ...ASKED, seed: 2, policy: 'sample' },
  { kind: 'episode', id: 4, number: 12, ...ASKED, branch: { at: 5, number: 24 } },
  { kind: 'play', id: 5, number: 6, seed: 1, actions: [4, 4, 0, 1, 2, 3] },
];
const panesOf = ({ kind }: ClientMessageInput): number => (kind === 'play' ? 0 : RUNS.length);

/** Runs in a browser: asks a page's thread, and posts back all that it says. */
const PROBE = `
const requests = await (await fetch('requests.json')).json();
const worker = new Worker('worker.js', { type: 'module' });
const texts = [], pictures = [];
let next = 0, ends = 0;
const finish = (more) => fetch('done', { method: 'POST', body: JSON.stringify({ texts, pictures, ...more }) });
const ask = () => {
  if (next === requests.length) return finish({});
  ends = 0;
  worker.postMessage({ text: JSON.stringify(requests[next]) });
};
worker.onerror = (event) => finish({ broken: String(event.message) });
worker.onmessage = ({ data }) => {
  if (data.broken) return finish(data);
  if (data.ping) return worker.postMessage({ pong: data.ping });
  if (data.binary) return pictures.push(btoa(String.fromCharCode(...data.binary)));
  const message = JSON.parse(data.text);
  texts.push(data.text);
  if (message.kind === 'hello') return ask();
  if (message.kind === 'error') return finish({ broken: message.message });
  const request = requests[next];
  const isOver = request?.kind === 'play'
    ? message.kind === 'steps' && message.agent === 'you' && message.from + message.steps.length === request.actions.length
    : message.kind === 'end' && ++ends === ${RUNS.length};
  if (isOver) { next += 1; ask(); }
};
worker.postMessage({ base: new URL('.', location.href).href, wasm: 'ort-wasm-simd-threaded.wasm' });
`;

interface Told {
  readonly texts: readonly string[];
  readonly pictures: readonly string[];
  readonly broken?: string;
}

/** What a page's thread says to `REQUESTS` in a browser. @param open opens an address in it */
async function toldBy(open: (address: string) => Promise<unknown>): Promise<Told> {
  let told: (done: Promise<Told>) => void;
  const done = new Promise<Told>((resolve) => {
    told = resolve;
  });
  const { address } = await hosted(site, (request, response) => {
    if (request.url === '/done') {
      told(text(request).then((body) => JSON.parse(body)));
      response.end();
    } else if (request.url === '/requests.json') {
      response.end(JSON.stringify(REQUESTS));
    } else if (request.url === '/probe.html') {
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!doctype html><title>probe</title><script type="module">${PROBE}</script>`);
    } else {
      return false;
    }
    return true;
  });
  await open(`${address}probe.html`);
  return done;
}

type Pane = Of<'begin'>['agent'];

/** Its episodes: of each request and pane the begin, the steps and the end. */
function episodesIn(messages: readonly ReturnType<typeof serverMessageSchema.parse>[]) {
  return REQUESTS.flatMap((request) => {
    const panes: Pane[] = request.kind === 'play' ? ['you'] : RUNS.map((_, i) => i);
    return panes.map((pane) => {
      const own = messages.filter(
        (one): one is Of<'begin'> | Of<'steps'> | Of<'end'> =>
          'id' in one && 'agent' in one && one.id === request.id && one.agent === pane,
      );
      return {
        request: request.id,
        begin: own.find((one): one is Of<'begin'> => one.kind === 'begin')!,
        steps: own.flatMap((one) => (one.kind === 'steps' ? one.steps : [])),
        end: own.find((one): one is Of<'end'> => one.kind === 'end') ?? null,
      };
    });
  });
}

/** What a server says to the same. */
async function toldByServer() {
  const quiet = { backgroundEpisodes: 0, lookEvery: 1e9, wait: false } as const;
  const source = await openRuns(RUNS, { ...quiet, checkpoint: 'last', engine: 'onnx' });
  onTestFinished(() => source!.close());
  const page = await pageOf(await serverOf(source!));
  for (const request of REQUESTS) {
    page.send(request);
    if (request.kind === 'play') {
      await page.until(
        () =>
          page.begin(request.id, 'you') &&
          page.steps(request.id, 'you').length === request.actions!.length,
      );
    } else {
      await page.ends(request.id, panesOf(request));
    }
  }
  return episodesIn(page.messages);
}

/** Numbers are written to three decimals, and may fall to either side. */
const CLOSE = 0.0011;

function expectSame(told: Told, server: Awaited<ReturnType<typeof toldByServer>>): void {
  expect(told.broken).toBeUndefined();
  const episodes = episodesIn(told.texts.map((one) => serverMessageSchema.parse(JSON.parse(one))));
  expect(episodes).toHaveLength(server.length);
  for (const [i, { request, begin, steps, end }] of episodes.entries()) {
    const other = server[i]!;
    const where = `request ${request}, pane ${begin.agent}`;
    expect(begin, where).toEqual(other.begin);
    expect(end, where).toEqual(other.end);
    expect(steps.length, where).toBe(other.steps.length);
    for (const [at, step] of steps.entries()) {
      const { probabilities, value, pathway, lstm, ...exact } = step;
      const theirs = other.steps[at]!;
      expect(theirs, `${where}, step ${at}`).toMatchObject(exact);
      const [own, its] = [step, theirs].map((one) => [
        ...(one.probabilities ?? []),
        one.value ?? 0,
        ...(one.pathway ?? []),
        ...(one.lstm ?? []),
      ]) as [number[], number[]];
      expect(own.length).toBe(its.length);
      const furthest = Math.max(...own.map((number, k) => Math.abs(number - its[k]!)));
      expect(furthest, `${where}, step ${at}`).toBeLessThan(CLOSE);
    }
  }
  const named = new Set(
    episodes.flatMap(({ begin, steps }) => [begin.picture, ...steps.map(({ picture }) => picture)]),
  );
  const shown = told.pictures.map((one) => decodePicture(Buffer.from(one, 'base64')));
  for (const picture of shown) expect(pictureHash(picture)).toBe(picture.hash);
  const held = new Set(shown.map(({ hash }) => hash));
  expect([...named].filter((hash) => !held.has(hash))).toEqual([]);
}

describe('the thread of a page says what a server says', () => {
  test('in Chromium', async () => {
    const page = await (await sharedBrowser()).newPage();
    onTestFinished(() => page.close());
    expectSame(await toldBy((address) => page.goto(address)), await toldByServer());
  });

  test.skipIf(!hasFirefox)('in Firefox', async () => {
    expectSame(await toldBy(openInFirefox), await toldByServer());
  });
});
