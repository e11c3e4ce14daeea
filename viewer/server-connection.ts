import {
  CLOSE_CODES,
  type ClientMessageInput,
  PROTOCOL_VERSION,
  SOCKET_PATH,
} from '../src/watch/protocol.ts';
import { decodePicture } from '../src/watch/wire-picture.ts';
import { type PageConnection, readText, type ServerCallbacks } from './connection.ts';

const SHORTEST_PAUSE = 250;
const LONGEST_PAUSE = 4000;

/** The connection to the server, reopened whenever it is lost. */
export class ServerConnection implements PageConnection {
  readonly #callbacks: ServerCallbacks;
  #socket: WebSocket | undefined;
  #pause = SHORTEST_PAUSE;

  constructor(callbacks: ServerCallbacks) {
    this.#callbacks = callbacks;
    this.#connect();
  }

  send(message: ClientMessageInput): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #connect(): void {
    const url = new URL(SOCKET_PATH, window.location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => {
      try {
        if (data instanceof ArrayBuffer) {
          this.#callbacks.onPicture(decodePicture(new Uint8Array(data)));
        } else {
          this.#read(data);
        }
      } catch (error) {
        console.error(error);
        this.#callbacks.onUnreadable();
      }
    };
    socket.onclose = ({ code, reason }) => {
      if (code === CLOSE_CODES.stranger) {
        this.#callbacks.onLost(reason);
      } else if (code === CLOSE_CODES.gaveWay) {
        this.#callbacks.onLost(`${reason} Click or press a key to connect again.`);
        this.#connectOnUse();
      } else {
        this.#callbacks.onLost('');
        window.setTimeout(() => this.#connect(), this.#pause);
        this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
      }
    };
    this.#socket = socket;
  }

  #connectOnUse(): void {
    const used = new AbortController();
    const connect = () => {
      used.abort();
      this.#connect();
    };
    for (const event of ['pointerdown', 'keydown']) {
      window.addEventListener(event, connect, { capture: true, signal: used.signal });
    }
  }

  #read(text: string): void {
    const message = readText(text);
    if (message.kind === 'hello') {
      this.#pause = SHORTEST_PAUSE;
      // The server is a newer one, so its page is too.
      if (message.protocol !== PROTOCOL_VERSION) {
        window.location.reload();
        return;
      }
    }
    this.#callbacks.onMessage(message);
  }
}
