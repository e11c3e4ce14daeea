import type { Wire } from '../../watch/paced-socket.ts';

import type { Posted } from './posted.ts';

const utf8 = new TextEncoder();
const OPEN = 1;
const CLOSED = 3;

/** A wire to a page of the same browser, by messages that are posted. */
export class PortWire implements Wire {
  readonly OPEN = OPEN;
  readyState = OPEN;
  isPaused = false;
  readonly #post: (message: Posted) => void;
  readonly #listeners = new Map<string, ((data: Uint8Array, isBinary: boolean) => void)[]>();
  readonly #waiting: Posted[] = [];

  /** @param post takes a message to the page */
  constructor(post: (message: Posted) => void) {
    this.#post = post;
  }

  /** Takes a message that the page has posted. */
  receive(message: Posted): void {
    if (this.readyState !== OPEN) return;
    // An answer to a ping lets the other side go on, so it never waits.
    if ('pong' in message) this.#emit('pong', utf8.encode(message.pong));
    else if (this.isPaused) this.#waiting.push(message);
    else this.#deliver(message);
  }

  on(event: string, listener: (data: Uint8Array, isBinary: boolean) => void): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  send(data: string | Uint8Array): void {
    this.#post(typeof data === 'string' ? { text: data } : { binary: data });
  }

  ping(data: string): void {
    this.#post({ ping: data });
  }

  pong(data: Uint8Array): void {
    this.#post({ pong: new TextDecoder().decode(data) });
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    while (!this.isPaused && this.#waiting.length > 0) this.#deliver(this.#waiting.shift()!);
  }

  close(): void {
    this.readyState = CLOSED;
  }

  #deliver(message: Posted): void {
    if ('text' in message) this.#emit('message', utf8.encode(message.text));
    else if ('binary' in message) this.#emit('message', message.binary, true);
    else if ('ping' in message) this.#emit('ping', utf8.encode(message.ping));
  }

  #emit(event: string, data: Uint8Array, isBinary = false): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(data, isBinary);
  }
}
