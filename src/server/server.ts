import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { VERSION } from '../common/version.ts';
import { ClientBudgets } from '../watch/client-budget.ts';
import { Connection } from '../watch/connection.ts';
import type { EpisodeSource, SourceNews } from '../watch/episode-source.ts';
import { CLOSE_CODES, MESSAGE_BYTES, SOCKET_PATH } from '../watch/protocol.ts';
import { Turns } from '../watch/turns.ts';
import { Admission } from './admission.ts';
import { HOST, listen } from './port.ts';
import { SCHEDULING } from './scheduling.ts';
import { StaticFiles } from './static-files.ts';

export interface ServerOptions {
  /** An address of this machine; by default only this machine itself can connect. */
  readonly host?: string;
  /** Further names by which the server may be addressed. */
  readonly names?: readonly string[];
  /** The port wanted; if it is busy, that is an error. Without it, 8080 or the next one that is free. */
  readonly port?: number;
  /** The page's folder. */
  readonly files: string;
  /** Pages at a time. */
  readonly mostClients?: number;
  /** Milliseconds between two pings; a page that does not answer is dropped. */
  readonly heartbeat?: number;
  /** Milliseconds over which news is gathered before it is sent. */
  readonly newsEvery?: number;
  /** What pages may use. */
  readonly budgets?: ClientBudgets;
  /** Bytes on their way to all pages, beyond which the one that has taken least is dropped. */
  readonly mostBuffered?: number;
}

const MOST_CLIENTS = 256;
/** Connections of any kind at a time. */
const MOST_SOCKETS = 1_024;
/** Milliseconds in which a request must have come, and bytes of its headers. */
const HTTP_LIMITS = {
  ...{ headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 5_000 },
  maxHeaderSize: 8_192,
};
const MOST_BUFFERED = 16 * 2 ** 20;
const HEARTBEAT = 15_000;
const NEWS_EVERY = 500;
/** Milliseconds for which a page may leave a goodbye unanswered. */
const CLOSE_TIMEOUT = 1_000;
/** A longer message ends its connection: it is not even read to its end. */
const LONGEST_READ = 2 * MESSAGE_BYTES;

/** Serves a source of episodes to any number of pages. */
export class WatchServer {
  readonly #source: EpisodeSource;
  readonly #files: StaticFiles;
  readonly #http: http.Server;
  readonly #sockets: WebSocketServer;
  /** The longest idle first. */
  readonly #connections = new Map<WebSocket, Connection>();
  readonly #turns = new Turns(SCHEDULING);
  readonly #budgets: ClientBudgets;
  readonly #alive = new WeakSet<WebSocket>();
  readonly #host: string;
  readonly #admission: Admission;
  readonly #mostClients: number;
  readonly #mostBuffered: number;
  readonly #id = randomBytes(8).toString('hex');
  readonly #timers: NodeJS.Timeout[] = [];
  #news: SourceNews[] = [];

  private constructor(source: EpisodeSource, options: ServerOptions) {
    this.#source = source;
    this.#files = new StaticFiles(options.files);
    this.#host = options.host ?? HOST;
    this.#mostClients = options.mostClients ?? MOST_CLIENTS;
    this.#mostBuffered = options.mostBuffered ?? MOST_BUFFERED;
    this.#budgets = options.budgets ?? new ClientBudgets();
    this.#admission = new Admission({
      host: this.#host,
      ...(options.names && { names: options.names }),
    });
    this.#http = http.createServer(HTTP_LIMITS, (request, response) => {
      if (!this.#admission.intercept(request, response)) this.#files.serve(request, response);
    });
    this.#sockets = new WebSocketServer({
      ...{ noServer: true, maxPayload: LONGEST_READ, perMessageDeflate: false, autoPong: false },
      ...{ closeTimeout: CLOSE_TIMEOUT, maxFragments: 16 },
    });
    this.#http.maxConnections = MOST_SOCKETS;
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    source.onNews((news) => void this.#news.push(news));
    this.#every(options.newsEvery ?? NEWS_EVERY, () => this.#sendNews());
    this.#every(options.heartbeat ?? HEARTBEAT, () => this.beat());
  }

  /**
   * Begins to listen.
   * @throws UsageError for a port or an address that cannot be used
   */
  static async start(source: EpisodeSource, options: ServerOptions): Promise<WatchServer> {
    const server = new WatchServer(source, options);
    try {
      await listen(server.#http, options.port, server.#host);
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** Where this machine finds the server, without the token that it may need. */
  get address(): string {
    return this.#addressAt(this.#isEverywhere ? 'localhost' : this.#host);
  }

  /** What to open in a browser. @param search what the page is opened with, as a query */
  link(search = ''): string {
    return this.#withToken(this.address, search);
  }

  /** What to open on other machines, where the server listens at every address of this one. */
  linksFromElsewhere(search = ''): string[] {
    if (!this.#isEverywhere) return [];
    return Object.values(os.networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => this.#withToken(this.#addressAt(address), search));
  }

  get #isEverywhere(): boolean {
    return this.#host === '0.0.0.0' || this.#host === '::';
  }

  #addressAt(host: string): string {
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}/`;
  }

  #withToken(address: string, search: string): string {
    const { token } = this.#admission;
    return token === null
      ? address + search
      : `${address}?token=${token}${search.replace('?', '&')}`;
  }

  get clients(): number {
    return this.#connections.size;
  }

  /** Bytes that the pages have not taken yet. */
  get bufferedBytes(): number {
    let bytes = 0;
    for (const socket of this.#connections.keys()) bytes += socket.bufferedAmount;
    return bytes;
  }

  /** Drops pages that take nothing while others need the room, until the rest fits. */
  dropUnread(): void {
    while (this.#connections.size > 0 && this.bufferedBytes > this.#mostBuffered) {
      const [greatest] = [...this.#connections.keys()].toSorted(
        (a, b) => b.bufferedAmount - a.bufferedAmount,
      );
      this.#drop(greatest!);
    }
  }

  /** Drops pages that have been silent since the last beat. */
  beat(): void {
    for (const [socket, { isKeptWaiting }] of this.#connections) {
      if (isKeptWaiting) continue; // its answer may have come
      if (!this.#alive.has(socket)) {
        this.#drop(socket);
        continue;
      }
      this.#alive.delete(socket);
      socket.ping();
    }
  }

  /** Says goodbye to every page and frees the port. The source stays open. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const [socket] of this.#connections) {
      socket.close(CLOSE_CODES.goingAway, 'The server is closing.');
      socket.resume();
    }
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    this.#http.closeAllConnections();
    // A page that does not answer the goodbye is dropped.
    const patience = setTimeout(() => {
      for (const [socket] of this.#connections) socket.terminate();
    }, 1_000);
    await closed;
    clearTimeout(patience);
  }

  #upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refusal = this.#refusalOf(request);
    if (refusal) {
      refuse(socket, refusal);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      // What breaks a connection (a message that is too long, say) ends it; `close` follows.
      client.on('error', () => {});
      if (this.#admission.isKnown(request))
        this.#connect(client, request.socket.remoteAddress ?? '');
      else client.close(CLOSE_CODES.stranger, STRANGER);
    });
  }

  /** Why a page may not connect; null where it may. */
  #refusalOf(request: http.IncomingMessage): string | null {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== SOCKET_PATH) return '404 Not Found';
    return this.#admission.refusal(request) === null ? null : '403 Forbidden';
  }

  #connect(socket: WebSocket, address: string): void {
    if (this.#connections.size >= this.#mostClients) this.#makeRoom(address);
    const budget = this.#budgets.join(address);
    const connection = new Connection(socket, {
      ...{ source: this.#source, turns: this.#turns, server: this.#id, version: VERSION, budget },
      onPolicy: () => this.#attend(),
      onUse: () => {
        this.#connections.delete(socket);
        this.#connections.set(socket, connection);
      },
    });
    this.#connections.set(socket, connection);
    socket.on('close', () => this.#forget(socket));
    socket.on('pong', () => this.#alive.add(socket));
    this.#alive.add(socket);
    this.#attend();
  }

  /** Sends away the page that has been idle longest, of the address that has most. @param address from which another page comes */
  #makeRoom(address: string): void {
    const clients = new Map<string, number>([[address, 1]]);
    for (const { budget } of this.#connections.values()) {
      clients.set(budget.address, (clients.get(budget.address) ?? 0) + 1);
    }
    const most = Math.max(...clients.values());
    for (const [socket, { budget }] of this.#connections) {
      if (clients.get(budget.address)! < most) continue;
      socket.close(
        CLOSE_CODES.gaveWay,
        'This page was idle, and the server needed its place for another.',
      );
      this.#forget(socket);
      return;
    }
  }

  #drop(socket: WebSocket): void {
    socket.terminate();
    this.#forget(socket);
  }

  #forget(socket: WebSocket): void {
    const connection = this.#connections.get(socket);
    if (!connection) return;
    this.#connections.delete(socket);
    connection.close();
    this.#budgets.leave(connection.budget);
    this.#attend();
  }

  #attend(): void {
    this.#source.attend([...this.#connections.values()].map(({ policy }) => policy));
  }

  #every(milliseconds: number, action: () => void): void {
    this.#timers.push(setInterval(action, milliseconds));
  }

  #sendNews(): void {
    this.dropUnread();
    const news = this.#news;
    this.#news = [];
    if (news.length === 0) return;
    for (const connection of this.#connections.values()) connection.note(news);
  }
}

/** A reason has at most 123 bytes. */
const STRANGER =
  'This page is from an earlier run of the server; open the address that timegrid watch prints now.';

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
