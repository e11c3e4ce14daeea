import {
  type ClientMessageInput,
  type ServerMessage,
  serverMessageSchema,
} from '../src/watch/protocol.ts';
import type { Picture } from '../src/watch/wire-picture.ts';

export interface ServerCallbacks {
  onMessage(message: ServerMessage): void;
  onPicture(picture: Picture): void;
  /** The server sent something that is not in the protocol. */
  onUnreadable(): void;
  /** The connection is lost. @param why a sentence, where the server gave one; without it, reconnecting is tried until it succeeds */
  onLost(why: string): void;
}

/** What the page says things to, and hears them from. */
export interface PageConnection {
  /** Sends a message unless the connection is lost; what still matters is sent again after the next `hello`. */
  send(message: ClientMessageInput): void;
}

/** @throws Error for anything that is not in the protocol */
export const readText = (text: string): ServerMessage =>
  serverMessageSchema.parse(JSON.parse(text));
