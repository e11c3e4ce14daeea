import type { IncomingMessage } from 'node:http';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a request is addressed to this very server. A page of another site can have its own name lead to 127.0.0.1, but it
 * cannot make the browser send another `Host`.
 * @param host what the server was told to listen on
 */
export function isAddressedHere({ headers }: IncomingMessage, host: string): boolean {
  const name = hostname(headers.host);
  if (name === null) return false;
  if (LOOPBACK.has(name) || name === host || name === `[${host}]`) return true;
  // Whoever listens on every interface is reached by whatever address or name those have.
  return host === '0.0.0.0' || host === '::';
}

/** Whether a WebSocket is opened by a page of this server, or by no page at all. */
export function isOwnPage({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return origin === `http://${host}`;
}

function hostname(host: string | undefined): string | null {
  if (host === undefined || !URL.canParse(`http://${host}`)) return null;
  return new URL(`http://${host}`).hostname;
}
