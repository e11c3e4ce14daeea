import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { EpisodeSource } from '../../dist/src/watch/episode-source.js';
// Threads run the compiled code.
import { LiveSource } from '../../dist/src/watch/live-source.js';
import { pageFolder } from '../../dist/src/watch/page-folder.js';
import { WatchServer } from '../../dist/src/watch/server.js';
import {
  type ClientMessage,
  decodePicture,
  type Picture,
  type ServerMessage,
  type Step,
} from '../../src/watch/protocol.ts';

/** Where Debian and others put it; `CHROMIUM` names another. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const CLI = fileURLToPath(new URL('../../dist/src/cli/timegrid.js', import.meta.url));

export const hasBrowser = fs.existsSync(CHROMIUM);
if (!hasBrowser) console.warn(`No browser at ${CHROMIUM}: the tests of the page are skipped.`);

const SOFTWARE = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** Asks nobody for anything. @param drawing how it draws: by default with WebGL, but without a graphics card */
export function openBrowser(drawing: readonly string[] = SOFTWARE): Promise<Browser> {
  const quiet = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ executablePath: CHROMIUM, args: [...quiet, ...drawing] });
}

/** Trains a baseline and a nac agent for a moment. @returns their folders, in a folder that the caller removes */
export async function trainPair(): Promise<{ folder: string; paths: [string, string] }> {
  const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
  const train = async (agent: string): Promise<string> => {
    const path = join(folder, `${agent}-1`);
    const length = ['--frames', '12800', '--threads', '1', '--json'];
    await promisify(execFile)(process.execPath, [
      CLI,
      'train',
      '--agent',
      agent,
      '--run',
      path,
      ...length,
    ]);
    return path;
  };
  return { folder, paths: [await train('baseline'), await train('nac')] };
}

export async function showOf(paths: readonly string[]): Promise<EpisodeSource> {
  const what = { checkpoint: 'last', engine: 'onnx', wait: false } as const;
  return (await LiveSource.open(paths, { ...what, backgroundEpisodes: 0, lookEvery: 1e9 }))!;
}

/** @param port 0: any that is free */
export function serve(show: EpisodeSource, port = 0): Promise<WatchServer> {
  return WatchServer.start(show, { files: pageFolder, port, newsEvery: 20 });
}

/** The page in a browser, and all that it and the server said. */
export class Viewer {
  readonly page: Page;
  readonly sent: ClientMessage[] = [];
  readonly received: ServerMessage[] = [];
  readonly pictures = new Map<number, Picture>();
  /** What the browser or the server complained of, and whom else the page asked for anything: every test is to end without. */
  readonly complaints: string[] = [];
  /** Complaints that a test provokes. */
  readonly provoked: RegExp[] = [];
  /** The name of the file that was saved last. */
  savedName = '';

  private constructor(page: Page, address: string) {
    this.page = page;
    const askNobodyElse = (url: string) => {
      const { protocol, host } = new URL(url);
      if (/^(http|ws)/.test(protocol) && host !== new URL(address).host) this.complaints.push(url);
    };
    page.on('request', (request) => askNobodyElse(request.url()));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      // Reading pixels back is slow, says the driver of a screenshot.
      if (
        message.type() === 'error' ||
        (message.type() === 'warning' && !text.includes('GL Driver'))
      ) {
        this.complaints.push(text);
      }
    });
    page.on('websocket', (socket) => {
      askNobodyElse(socket.url());
      socket.on('framesent', ({ payload }) => this.sent.push(JSON.parse(String(payload))));
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload === 'string') {
          const said: ServerMessage = JSON.parse(payload);
          this.received.push(said);
          if (said.kind === 'error') this.complaints.push(`the server: ${said.message}`);
        } else {
          const picture = decodePicture(payload);
          this.pictures.set(picture.hash, picture);
        }
      });
    });
  }

  /** Opens the page and waits until it shows an episode. */
  static async open(
    browser: Browser,
    server: { readonly address: string },
    search = '',
    options: Parameters<Browser['newPage']>[0] = {},
  ): Promise<Viewer> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
    const viewer = new Viewer(page, server.address);
    onTestFinished(async () => {
      await page.close();
      expect(viewer.#unprovoked).toEqual([]);
    });
    await page.goto(`${server.address}${search}`);
    await viewer.pane('agent-0').and(page.locator('[data-step]')).waitFor();
    await viewer.until(async () => /step|told/.test(await viewer.task()));
    return viewer;
  }

  get #unprovoked(): string[] {
    return this.complaints.filter((text) => !this.provoked.some((pattern) => pattern.test(text)));
  }

  pane(name: string): Locator {
    return this.page.locator(`[data-pane="${name}"]`);
  }

  async task(): Promise<string> {
    return (await this.page.locator('.task').textContent()) ?? '';
  }

  /** The step that a pane shows. */
  async step(name = 'agent-0'): Promise<number> {
    return Number(await this.pane(name).getAttribute('data-step'));
  }

  /** The step of every pane, read at one time. */
  steps(): Promise<number[]> {
    return this.page.evaluate(
      '[...document.querySelectorAll("[data-pane]")].map(({ dataset }) => Number(dataset.step))',
    );
  }

  labelled(label: string | RegExp): Locator {
    return this.page.getByLabel(label);
  }

  /** Moves a slider, as a person does. */
  slide(slider: Locator, value: number): Promise<void> {
    return slider.fill(String(value));
  }

  /** Takes the server away and waits until the page has seen that. @returns its port */
  async lose(server: Pick<WatchServer, 'port' | 'close'>): Promise<number> {
    this.provoked.push(/ERR_CONNECTION_REFUSED/);
    const { port } = server;
    await server.close();
    await this.page.getByText(/The server is gone/).waitFor();
    return port;
  }

  /** The page's own words for where it is. */
  address(): URLSearchParams {
    return new URL(this.page.url()).searchParams;
  }

  /** Waits until it is so. */
  async until(isSo: () => Promise<boolean> | boolean): Promise<void> {
    for (let tries = 0; !(await isSo()); tries++) {
      if (tries > 1200) throw new Error(`it did not come about: ${isSo}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Saves a file as the page does. */
  async save(key: string): Promise<Buffer> {
    const coming = this.page.waitForEvent('download');
    await this.page.keyboard.press(key);
    const download = await coming;
    this.savedName = download.suggestedFilename();
    return fs.readFileSync(await download.path());
  }
}

/** The steps of the episode on screen that a player took. */
export function stepsOf({ received, sent }: Viewer, agent: number | 'you'): Step[] {
  const asked = sent.findLast(
    (said) => said.kind === (agent === 'you' ? 'play' : 'episode') && !isPreparation(said, sent),
  ) as { id: number };
  return received.flatMap((said) =>
    said.kind === 'steps' && said.id === asked.id && said.agent === agent ? said.steps : [],
  );
}

/** Whether an episode was asked for to be shown after another. */
function isPreparation(said: Viewer['sent'][number], sent: Viewer['sent']): boolean {
  const first = sent.find(({ kind }) => kind === 'episode');
  return said.kind === 'episode' && first?.kind === 'episode' && said.seed !== first.seed;
}
