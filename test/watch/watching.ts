import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type OpenRunsOptions, openRuns } from '../../dist/src/server/open-runs.js';
import { type ServerOptions, WatchServer } from '../../dist/src/server/server.js';
import type { EpisodeSource } from '../../dist/src/watch/episode-source.js';
// Threads run the compiled code.
import type { LiveSource } from '../../dist/src/watch/live-source.js';
import type { Policy } from '../../src/play/episodes.ts';
import {
  type ClientMessageInput,
  type EpisodeRequest,
  type RewardRow,
  type ServerMessage,
  SOCKET_PATH,
  type Step,
  serverMessageSchema,
} from '../../src/watch/protocol.ts';
import { decodePicture, type Picture } from '../../src/watch/wire-picture.ts';
import { type SavedRun, saveRun } from '../evaluate/saved-run.ts';
import { temporaryFolder } from '../run/temporary.ts';

/** Two runs that were never trained. */
export function savedPair(what: SavedRun = {}): [string, string] {
  const folder = temporaryFolder();
  const [baseline, nac] = [join(folder, 'baseline-1'), join(folder, 'nac-1')];
  saveRun(baseline, { ...what, config: { pathway: 'baseline', ...what.config } });
  saveRun(nac, { ...what, config: { pathway: 'nac', ...what.config } });
  return [baseline, nac];
}

const quietly: OpenRunsOptions = {
  ...{ checkpoint: 'last', engine: 'onnx', wait: false },
  ...{ backgroundEpisodes: 0, lookEvery: 1e9 },
};

/** A request for an episode, whole unless `fields` say otherwise. */
export const request = (fields: Partial<EpisodeRequest> = {}) => ({
  ...{ kind: 'episode' as const, id: 1, number: 9, seed: 3, policy: 'greedy' as const },
  ...{ horizon: 2048, ...fields },
});

export async function sourceOf(
  paths: readonly string[],
  options: Partial<OpenRunsOptions> = {},
): Promise<LiveSource> {
  const source = await openRuns(paths, { ...quietly, ...options });
  onTestFinished(() => source!.close());
  return source!;
}

/** A server on a free port that beats and tells news only when it is told to, or at once. */
export async function serverOf(
  source: EpisodeSource,
  options: Partial<ServerOptions> = {},
): Promise<WatchServer> {
  const server = await WatchServer.start(source, {
    ...{ files: temporaryFolder(), port: 0, heartbeat: 1e9, newsEvery: 10 },
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

export type Of<Kind extends ServerMessage['kind']> = Extract<ServerMessage, { kind: Kind }>;

/** A page without a screen: checks each message against the protocol, and keeps them all. */
export class Page {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[] = [];
  readonly pictures = new Map<number, Picture>();
  /** How often a picture came that was there already. */
  repeatedPictures = 0;
  readonly #waiting = new Set<() => void>();
  #problem: unknown;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      try {
        if (isBinary) this.#keep(decodePicture(data));
        else this.#take(serverMessageSchema.parse(JSON.parse(data.toString())));
      } catch (error) {
        this.#problem ??= error;
      }
      for (const look of [...this.#waiting]) look();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#problem ??= new Error('the connection is closed');
      for (const look of [...this.#waiting]) look();
    });
  }

  send(message: ClientMessageInput): void {
    this.socket.send(JSON.stringify(message));
  }

  of<Kind extends ServerMessage['kind']>(kind: Kind): Of<Kind>[] {
    return this.messages.filter((message): message is Of<Kind> => message.kind === kind);
  }

  /** What the page has been told so far of how an agent did, by ascending number. */
  rows(agent: number, policy: Policy): RewardRow[] {
    const rows = new Map<number, RewardRow>();
    for (const message of this.of('rows')) {
      if (message.agent !== agent || message.policy !== policy) continue;
      if (message.replaces) rows.clear();
      for (const row of message.rows) rows.set(row.number, row);
    }
    return [...rows.values()].sort((one, other) => one.number - other.number);
  }

  /** Waits until `look` finds something. */
  until<Found>(look: () => Found | undefined | null | false): Promise<Found> {
    return new Promise((resolve, reject) => {
      const again = (): void => {
        const found = look();
        if (found !== undefined && found !== null && found !== false) {
          this.#waiting.delete(again);
          resolve(found);
        } else if (this.#problem !== undefined) {
          this.#waiting.delete(again);
          reject(this.#problem);
        }
      };
      this.#waiting.add(again);
      again();
    });
  }

  hello(): Promise<Of<'hello'>> {
    return this.until(() => this.of('hello')[0]);
  }

  /** The next error after those that there were. */
  error(before = this.of('error').length): Promise<Of<'error'>> {
    return this.until(() => this.of('error')[before]);
  }

  /** Waits for the ends of an episode's panes. */
  async ends(id: number, panes: number): Promise<Of<'end'>[]> {
    return this.until(() => {
      const ends = this.of('end').filter((end) => end.id === id);
      return ends.length === panes && ends;
    });
  }

  begin(id: number, agent: number | 'you'): Of<'begin'> | undefined {
    return this.of('begin').find((begin) => begin.id === id && begin.agent === agent);
  }

  /** All steps of a pane. @throws Error where one is missing or comes twice, or names a picture that is not there */
  steps(id: number, agent: number | 'you'): Step[] {
    const steps: Step[] = [];
    const first = this.begin(id, agent)?.from ?? 0;
    for (const message of this.of('steps')) {
      if (message.id !== id || message.agent !== agent) continue;
      if (message.from !== first + steps.length) throw new Error(`a gap at step ${message.from}`);
      steps.push(...message.steps);
    }
    for (const { picture, observed } of steps) {
      if (!this.pictures.has(picture)) throw new Error(`picture ${picture} did not come`);
      if (observed !== undefined && !this.pictures.has(observed)) {
        throw new Error(`observed picture ${observed} did not come`);
      }
    }
    return steps;
  }

  #keep(picture: Picture): void {
    if (this.pictures.has(picture.hash)) this.repeatedPictures += 1;
    this.pictures.set(picture.hash, picture);
  }

  #take(message: ServerMessage): void {
    if (message.kind === 'begin' || message.kind === 'steps') this.#requirePictures(message);
    this.messages.push(message);
  }

  /** A picture comes before the first message that names it. */
  #requirePictures(message: Of<'begin'> | Of<'steps'>): void {
    const named = message.kind === 'begin' ? [message] : message.steps;
    for (const { picture } of named) {
      if (!this.pictures.has(picture)) throw new Error(`picture ${picture} was named too early`);
    }
  }
}

export const addressOf = (server: WatchServer): string =>
  `ws://127.0.0.1:${server.port}${SOCKET_PATH}`;

/** Opens a page and waits for its hello. */
export async function pageOf(
  server: WatchServer,
  options: ConstructorParameters<typeof WebSocket>[2] = {},
): Promise<Page> {
  const socket = new WebSocket(addressOf(server), options);
  const page = new Page(socket);
  onTestFinished(() => socket.terminate());
  await page.hello();
  return page;
}

/** A server that shows two untrained agents, and a page of it. */
export async function watchedPair(what: SavedRun = {}, options: Partial<OpenRunsOptions> = {}) {
  const paths = savedPair(what);
  const source = await sourceOf(paths, options);
  const server = await serverOf(source);
  return { paths, source, server, page: await pageOf(server) };
}
