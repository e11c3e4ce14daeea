import { CLOSE_CODES, type ServerMessage } from './protocol.ts';

/**
 * A page that has not taken so many bytes yet is sent nothing more, and its messages wait. What the system has taken from this
 * process says little, since it may keep megabytes; so a ping follows whatever is sent, which a page answers once it has read that far.
 */
const WINDOW = 256 * 1024;
/** Bytes between two pings. */
const PING_EVERY = 32 * 1024;
/** Messages that wait for the server, and bytes of them: beyond so many, the page is not listened to. */
const MANY_WAITING = 16;
const MANY_WAITING_BYTES = 32 * 1024;
/** The same of a page that reads, but not fast enough: beyond so many, it is sent away. */
const MOST_WAITING = 1_000;
const MOST_WAITING_BYTES = 256 * 1024;
/** Pictures that are remembered as sent; after that, a page may be sent one again. */
const MOST_SENT = 8_192;

export interface ReceivedMessage {
  readonly kind: 'text' | 'binary' | 'ping';
  readonly data: Uint8Array;
}

/** What carries messages to a page and back: a WebSocket of `ws`, or what behaves like one. */
export interface Wire {
  readonly OPEN: number;
  readonly readyState: number;
  readonly isPaused: boolean;
  on(event: 'message', listener: (data: Uint8Array, isBinary: boolean) => void): unknown;
  on(event: 'ping' | 'pong', listener: (data: Uint8Array) => void): unknown;
  send(data: string | Uint8Array): void;
  /** Is answered by a `pong` that says the same, once the page has read everything before it. */
  ping(data: string): void;
  pong(data: Uint8Array): void;
  /** Lets what the page sends wait. */
  pause(): void;
  resume(): void;
  close(code: number, reason: string): void;
}

/** What goes out to one page and comes in: never more than it takes, nor than the server has turns for. */
export class PacedSocket {
  readonly #socket: Wire;
  readonly #onWork: () => void;
  readonly #sent = new Set<number>();
  readonly #received: ReceivedMessage[] = [];
  #receivedBytes = 0;
  #sentBytes = 0;
  /** Of which the page has read so many; nothing is known before the first pong. */
  #takenBytes = Number.NEGATIVE_INFINITY;
  /** What each ping that is not answered yet says, and the bytes sent before it. Nobody can answer one without reading it. */
  readonly #pings: { readonly text: string; readonly bytes: number }[] = [];

  /** @param onWork called when a message has come, and when a page that was behind has caught up */
  constructor(socket: Wire, onWork: () => void) {
    this.#socket = socket;
    this.#onWork = onWork;
    socket.on('message', (data, isBinary) =>
      this.#receive({ kind: isBinary ? 'binary' : 'text', data }),
    );
    socket.on('ping', (data) => this.#receive({ kind: 'ping', data }));
    socket.on('pong', (data) => this.#take(data));
  }

  /** Whether something more may be sent: not before the page has answered the first ping. */
  get hasRoom(): boolean {
    return this.#sentBytes - this.#takenBytes < WINDOW;
  }

  /** Whether the page reads at all: it has answered a ping. */
  get isRead(): boolean {
    return this.#takenBytes >= 0;
  }

  /** Whether messages, and perhaps an answer to a ping, wait until the server has time for this page. */
  get isKeptWaiting(): boolean {
    return this.isRead && this.#socket.isPaused;
  }

  /** Messages that have not been followed. */
  get waiting(): number {
    return this.#received.length;
  }

  /** The next message that the page has sent. */
  next(): ReceivedMessage | undefined {
    const message = this.#received.shift();
    this.#receivedBytes -= message?.data.length ?? 0;
    this.#listen();
    return message;
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    this.#send(text);
  }

  pong(data: Uint8Array): void {
    this.#socket.pong(data);
  }

  /** Sends a picture unless the page has it. @param bytes asked for only then @returns bytes sent */
  sendPicture(number: number, bytes: () => Uint8Array): number {
    if (this.#sent.has(number)) return 0;
    if (this.#sent.size >= MOST_SENT) this.#sent.clear();
    this.#sent.add(number);
    const picture = bytes();
    this.#send(picture);
    return picture.length;
  }

  /** The page has let go of its pictures. */
  forgetPictures(): void {
    this.#sent.clear();
  }

  #receive(message: ReceivedMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#receivedBytes += message.data.length;
    if (this.#received.length >= MOST_WAITING || this.#receivedBytes > MOST_WAITING_BYTES) {
      this.#socket.close(CLOSE_CODES.tooMany, 'This page has sent too many messages at once.');
      return;
    }
    this.#received.push(message);
    this.#listen();
    this.#onWork();
  }

  #send(data: string | Uint8Array): void {
    this.#socket.send(data);
    this.#sentBytes += data.length;
    const pinged = this.#pings.at(-1)?.bytes ?? this.#takenBytes;
    if (this.#sentBytes - pinged >= PING_EVERY) this.#ping();
  }

  /** Asks the page to say when it has read everything that was sent so far. */
  #ping(): void {
    const text = crypto.getRandomValues(new Uint32Array(2)).join('-');
    this.#pings.push({ text, bytes: this.#sentBytes });
    this.#socket.ping(text);
  }

  /** The page has read everything up to a ping. */
  #take(data: Uint8Array): void {
    const said = new TextDecoder().decode(data);
    const index = this.#pings.findIndex(({ text }) => text === said);
    if (index < 0) return;
    this.#takenBytes = this.#pings[index]!.bytes;
    this.#pings.splice(0, index + 1);
    this.#listen();
    this.#onWork();
  }

  #listen(): void {
    const socket = this.#socket;
    // A page that has something to read is listened to, since its answer to a ping may come after other messages; but one that
    // has not read even its greeting has nothing to say.
    const isMuch = this.#received.length > MANY_WAITING || this.#receivedBytes > MANY_WAITING_BYTES;
    const isBusy = socket.readyState === socket.OPEN && isMuch && (this.hasRoom || !this.isRead);
    if (isBusy === socket.isPaused) return;
    if (isBusy) socket.pause();
    else socket.resume();
  }
}
