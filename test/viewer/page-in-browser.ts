import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, expect, inject, onTestFinished } from 'vitest';
import { pretrainedRun } from '../../dist/src/run/pretrained.js';
// Threads run the compiled code.
import { openRuns } from '../../dist/src/server/open-runs.js';
import { pageFolder } from '../../dist/src/server/page-folder.js';
import { type ServerOptions, WatchServer } from '../../dist/src/server/server.js';
import type { EpisodeSource } from '../../dist/src/watch/episode-source.js';
import type { ClientMessage, ServerMessage, Step } from '../../src/watch/protocol.ts';
import { decodePicture, type Picture } from '../../src/watch/wire-picture.ts';
import { saveRun } from '../evaluate/saved-run.ts';

/** A page offers its story to whoever has not seen it. */
const NOT_NEW = "localStorage.setItem('timegrid-story', 'seen')";

let connection: Promise<Browser> | undefined;

/** The browser that all tests share. */
export function sharedBrowser(): Promise<Browser> {
  connection ??= chromium.connect(inject('chromium'));
  return connection;
}

/** A new page of its own, as for somebody who has not been here, and the errors that it reports. */
export async function pageAlone() {
  const context = await (await sharedBrowser()).newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  return { page, problems };
}

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
const opened = new Map<string, Promise<EpisodeSource>>();
afterAll(async () => {
  await (await connection)?.close();
  for (const source of opened.values()) await (await source).close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Opens runs once for all tests of a file. */
export function open(paths: readonly string[]): Promise<EpisodeSource> {
  const options = { checkpoint: 'last', engine: 'onnx', wait: false } as const;
  const key = paths.join();
  if (!opened.has(key)) {
    const quiet = { ...options, backgroundEpisodes: 0, lookEvery: 1e9 };
    opened.set(key, openRuns(paths, quiet) as Promise<EpisodeSource>);
  }
  return opened.get(key)!;
}

/** Agents that come with the package. */
export const trained = (...names: ('baseline' | 'nac' | 'nac-clock')[]): Promise<EpisodeSource> =>
  open(names.map(pretrainedRun));

/** Agents that were never trained. */
export function untrained(
  pathways: readonly ('baseline' | 'nac' | 'nac-stateless' | 'nac-clock')[],
): Promise<EpisodeSource> {
  const paths = pathways.map((pathway) => join(folder, pathway));
  pathways.forEach((pathway, index) => {
    const path = paths[index]!;
    if (!fs.existsSync(path)) saveRun(path, { envOptions: {}, config: { pathway } });
  });
  return open(paths);
}

/** Serves episodes until the test is over. @param port 0: any that is free */
export async function serve(
  source: EpisodeSource,
  port = 0,
  options: Partial<ServerOptions> = {},
): Promise<WatchServer> {
  const settings = { files: pageFolder, port, newsEvery: 20, ...options };
  const server = await WatchServer.start(source, settings);
  onTestFinished(() => server.close());
  return server;
}

/** Two frames later, everything is drawn. */
export const DRAWN =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

/** The page in a browser, and all messages between it and the server. */
export class Viewer {
  readonly page: Page;
  readonly server: WatchServer;
  readonly sent: ClientMessage[] = [];
  readonly received: ServerMessage[] = [];
  readonly pictures = new Map<number, Picture>();
  /** Errors and warnings of the browser or the server, and requests to any other server: a test must end without any. */
  readonly problems: string[] = [];
  /** Those that a test provokes. */
  readonly provoked: RegExp[] = [];
  /** The name of the file that was saved last. */
  savedName = '';

  private constructor(page: Page, server: WatchServer) {
    this.page = page;
    this.server = server;
    const { host: own } = new URL(server.address);
    const allowOnlyServer = (url: string) => {
      const { protocol, host } = new URL(url);
      if (/^(http|ws)/.test(protocol) && host !== own) this.problems.push(url);
    };
    page.on('request', (request) => allowOnlyServer(request.url()));
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      // The driver warns that the reading of pixels for a screenshot is slow.
      const isSlowReading = message.type() === 'warning' && text.includes('GL Driver');
      if (/error|warning/.test(message.type()) && !isSlowReading) this.problems.push(text);
    });
    page.on('websocket', (socket) => {
      allowOnlyServer(socket.url());
      socket.on('framesent', ({ payload }) => this.sent.push(JSON.parse(String(payload))));
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload === 'string') {
          const said: ServerMessage = JSON.parse(payload);
          this.received.push(said);
          if (said.kind === 'error') this.problems.push(`the server: ${said.message}`);
        } else {
          const picture = decodePicture(payload);
          this.pictures.set(picture.hash, picture);
        }
      });
    });
  }

  /** Serves episodes and opens the page of them. */
  static async of(
    source: EpisodeSource | Promise<EpisodeSource>,
    search = '',
    options: Parameters<Browser['newPage']>[0] = {},
  ): Promise<Viewer> {
    return Viewer.open(await serve(await source), search, options);
  }

  /** Opens the page and waits until it shows an episode. */
  static async open(
    server: WatchServer,
    search = '',
    options: Parameters<Browser['newPage']>[0] = {},
    browser?: Browser,
  ): Promise<Viewer> {
    const viewport = { width: 1280, height: 800 };
    const page = await (browser ?? (await sharedBrowser())).newPage({ viewport, ...options });
    await page.addInitScript(NOT_NEW);
    const viewer = new Viewer(page, server);
    onTestFinished(async () => {
      await page.close();
      expect(viewer.#unprovoked).toEqual([]);
    });
    await page.goto(server.link(search));
    await viewer.pane('agent-0').and(page.locator('[data-step]')).waitFor();
    await viewer.until(async () => /step|told/.test(await viewer.task()));
    return viewer;
  }

  get #unprovoked(): string[] {
    return this.problems.filter((text) => !this.provoked.some((pattern) => pattern.test(text)));
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

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Takes the server away and waits until the page notices. @returns its port */
  async loseServer(): Promise<number> {
    this.provoked.push(/ERR_CONNECTION_REFUSED/);
    const { port } = this.server;
    await this.server.close();
    await this.page.getByText(/Connection lost/).waitFor();
    return port;
  }

  /** Brings a server back on that port and waits until the page notices. */
  async findServer(source: EpisodeSource, port: number): Promise<void> {
    await serve(source, port);
    await this.page.getByText(/Connection lost/).waitFor({ state: 'hidden' });
  }

  /** A parameter of the page's address. */
  parameter(name: string): string | null {
    return new URL(this.page.url()).searchParams.get(name);
  }

  async until(isSo: () => Promise<boolean> | boolean): Promise<void> {
    for (let tries = 0; !(await isSo()); tries++) {
      if (tries > 1200) throw new Error(`did not happen: ${isSo}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  untilStep(step: number, pane?: string): Promise<void> {
    return this.until(async () => (await this.step(pane)) === step);
  }

  /** @param value null: the address must not have the parameter */
  untilParameter(name: string, value: string | number | null): Promise<void> {
    const text = value === null ? null : String(value);
    return this.until(() => this.parameter(name) === text);
  }

  /** Waits until the page has asked for an episode like this one. */
  untilAsked(episode: object): Promise<void> {
    const like = expect.objectContaining({ kind: 'episode', ...episode });
    return this.until(() => this.sent.some((message) => like.asymmetricMatch(message)));
  }

  /** Waits until the episodes of so many panes have arrived whole. */
  untilWhole(panes = 2): Promise<void> {
    return this.until(() => this.received.filter(({ kind }) => kind === 'end').length >= panes);
  }

  /** Saves a file as the page does. */
  async save(key: string): Promise<Buffer> {
    const coming = this.page.waitForEvent('download');
    await this.press(key);
    const download = await coming;
    this.savedName = download.suggestedFilename();
    return buffer(await download.createReadStream());
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

/** Whether an episode was requested in order to be shown after another. */
function isPreparation(said: Viewer['sent'][number], sent: Viewer['sent']): boolean {
  const first = sent.find(({ kind }) => kind === 'episode');
  return said.kind === 'episode' && first?.kind === 'episode' && said.seed !== first.seed;
}
