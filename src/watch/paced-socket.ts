import type { WebSocket } from 'ws';
import type { ServerMessage } from './protocol.ts';

/** Above so many bytes that a page has not taken yet, it is sent nothing more and not listened to. */
const HIGH = 256 * 1024;
const LOW = 64 * 1024;
/** Pictures that are remembered as sent; after that, a page may be sent one again. */
const MOST_SENT = 8_192;

/** What goes out to one page: never more than it takes. */
export class PacedSocket {
  readonly #socket: WebSocket;
  readonly #onRoom: () => void;
  readonly #sent = new Set<number>();
  #isFull = false;

  /** @param onRoom called when a page that was behind has caught up */
  constructor(socket: WebSocket, onRoom: () => void) {
    this.#socket = socket;
    this.#onRoom = onRoom;
  }

  /** Whether something more may be sent. While it may not, the page is not listened to either. */
  get hasRoom(): boolean {
    if (this.#socket.bufferedAmount > HIGH && !this.#isFull) {
      this.#isFull = true;
      this.#socket.pause();
    }
    return !this.#isFull;
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    this.#socket.send(text, this.#onSent);
  }

  /** Sends a picture unless the page has it. @param bytes asked for only then @returns bytes sent */
  sendPicture(number: number, bytes: () => Uint8Array): number {
    if (this.#sent.has(number)) return 0;
    if (this.#sent.size >= MOST_SENT) this.#sent.clear();
    this.#sent.add(number);
    const picture = bytes();
    this.#socket.send(picture, this.#onSent);
    return picture.length;
  }

  /** The page has let go of its pictures. */
  forgetPictures(): void {
    this.#sent.clear();
  }

  readonly #onSent = (error?: Error | null): void => {
    if (error || !this.#isFull || this.#socket.bufferedAmount > LOW) return;
    this.#isFull = false;
    this.#socket.resume();
    this.#onRoom();
  };
}
