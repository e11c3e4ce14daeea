import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import os from 'node:os';
import { sendSentence } from './static-files.ts';

export interface AdmissionOptions {
  /** What the server was told to listen on. */
  readonly host: string;
  /** Further host names by which the server may be addressed. */
  readonly names?: readonly string[];
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const TOKEN_BYTES = 32;

/** Whether only programs of this machine reach a server that listens there. */
const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * Who may talk to the server. A page of another site can have its own name lead here, or connect from where it is; so the name by
 * which the server is addressed, and the page that a browser speaks for, must be its own. Where other machines reach the server, a
 * secret in its address is needed too; the browser keeps it in a cookie that no script and no other site can use.
 */
export class Admission {
  /** The secret in the address; null where none is needed. */
  readonly token: string | null;
  readonly #names: ReadonlySet<string>;

  constructor({ host, names = [] }: AdmissionOptions) {
    this.token = isLoopback(host) ? null : randomBytes(TOKEN_BYTES).toString('base64url');
    const given = [host, os.hostname(), `${os.hostname()}.local`, ...names];
    this.#names = new Set([...LOOPBACK, ...given.map(hostnameOf).filter((name) => name !== null)]);
  }

  /** Why a request is none of this server's own page or address, as a sentence; null where it is. */
  refusal({ headers }: IncomingMessage): string | null {
    const { host, origin } = headers;
    const name = hostnameOf(host ?? '');
    if (name === null) return 'this request does not say which host it is for';
    if (!this.#isOwnName(name)) {
      return `this server does not answer to the name ${name}; to allow it, start timegrid watch with --allow-host ${name}`;
    }
    if (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) {
      return null;
    }
    return 'this server does not answer pages of other sites';
  }

  /** Whether a request has the token, in its cookie or its address. */
  isKnown(request: IncomingMessage): boolean {
    const { token } = this;
    if (token === null) return true;
    const cookie = `${cookieOf(request)}=`;
    const kept = (request.headers.cookie ?? '')
      .split(/; */)
      .filter((pair) => pair.startsWith(cookie))
      .map((pair) => pair.slice(cookie.length));
    return [...kept, tokenOf(request)].some((one) => one !== null && isSame(one, token));
  }

  /**
   * Answers a request that must not be served: one of a stranger, or one with the token in its address, which is moved into a cookie.
   * @returns whether it has answered
   */
  intercept(request: IncomingMessage, response: ServerResponse): boolean {
    const refusal = this.refusal(request);
    if (refusal !== null) {
      sendSentence(response, 403, refusal);
    } else if (!this.isKnown(request)) {
      const sentence =
        'This page needs its whole address, including the token: ask whoever started it for the address that timegrid watch printed.';
      sendSentence(response, 403, sentence);
    } else if (this.token !== null && tokenOf(request) !== null) {
      this.#admit(request, response, this.token);
    } else {
      return false;
    }
    return true;
  }

  /** Takes the token out of the address bar. */
  #admit(request: IncomingMessage, response: ServerResponse, token: string): void {
    const [path = '', query = ''] = request.url!.split('?', 2);
    const others = new URLSearchParams(query);
    others.delete('token');
    const search = others.size > 0 ? `?${others}` : '';
    // With two slashes at its beginning, a browser would take it for another host.
    const there = `/${path.replace(/^[/\\]+/, '')}${search}`;
    const cookie = `${cookieOf(request)}=${token}; HttpOnly; SameSite=Strict; Path=/`;
    response.setHeader('Set-Cookie', cookie);
    // After a click on another site's link, a browser would not send such a cookie where it is redirected to.
    const isFromElsewhere = request.headers['sec-fetch-site'] === 'cross-site';
    response.setHeader(
      ...((isFromElsewhere ? ['Refresh', `0; url=${there}`] : ['Location', there]) as [
        string,
        string,
      ]),
    );
    sendSentence(response, isFromElsewhere ? 200 : 303, `the page is at ${there}`);
  }

  #isOwnName(name: string): boolean {
    if (this.#names.has(name)) return true;
    // They may change while the server is up.
    return Object.values(os.networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .some(({ address }) => hostnameOf(address) === name);
  }
}

/** Servers of one host share their cookies, whatever the port. */
const cookieOf = ({ socket }: IncomingMessage): string => `timegrid-${socket.localPort}`;

/** The token in the address of a request. */
function tokenOf({ url = '/' }: IncomingMessage): string | null {
  const from = url.indexOf('?');
  return from < 0 ? null : new URLSearchParams(url.slice(from)).get('token');
}

/** Compares in a time that tells nothing about where two secrets differ. */
function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(one!, other!);
}

/** The name or address in `name:port`, as URLs have it; null for anything else. */
function hostnameOf(host: string): string | null {
  const text = `http://${isIP(host) === 6 ? `[${host}]` : host}`;
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(text)) return null;
  return new URL(text).hostname;
}
