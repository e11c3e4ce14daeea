/**
 * The service worker of a folder of static files: once it is installed, the page opens without a network. It keeps whole versions of the
 * folder. A page asks for its files by its version, so it never gets those of another one; the page itself comes from the network
 * whenever that answers, so that a new version is seen at once.
 */

import type { KeptFiles, KeptPage } from './posted.ts';

interface LastingEvent {
  waitUntil(done: Promise<unknown>): void;
}

interface FetchEvent extends LastingEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Cache {
  match(url: string, options?: { readonly ignoreSearch?: boolean }): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
}

interface ServiceScope {
  /** What this version of the folder holds: written before this script. */
  readonly timegridKept: KeptFiles;
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  readonly caches: {
    open(name: string): Promise<Cache>;
    keys(): Promise<string[]>;
    delete(name: string): Promise<boolean>;
  };
  fetch(
    address: URL | Request,
    options?: { readonly cache: 'no-cache' | 'reload' },
  ): Promise<Response>;
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: LastingEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: KeptPage }) => void): void;
}

const service = globalThis as unknown as ServiceScope;
const { version, page, files } = service.timegridKept;
const { scope } = service.registration;
/** Every version of this folder has a cache; other folders of the same host have theirs. */
const FAMILY = `timegrid ${scope} `;
const OWN = FAMILY + version;
/** Milliseconds for which the network may keep a page waiting that is kept here. */
const PATIENCE = 4000;

service.addEventListener('install', (event) => event.waitUntil(keepAll()));
service.addEventListener('activate', (event) => event.waitUntil(begin()));
// A page that came from the network is of this version: from now on it gets its files from here.
service.addEventListener('message', ({ data }) => {
  if (data.version === version) void service.skipWaiting();
});
service.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname, search, href } = new URL(request.url);
  const path = origin + pathname;
  if (request.method !== 'GET' || !path.startsWith(scope)) return;
  if (request.mode === 'navigate') {
    if (path === scope || path === scope + page) event.respondWith(newestPage(request));
  } else if (search.startsWith('?v=') || files.some(([url]) => scope + url === href)) {
    event.respondWith(keptFile(request));
  }
});

/** Keeps every file of this version, or fails, and then what was kept before stays in use. */
async function keepAll(): Promise<void> {
  const [own, ...before] = await cachesHere();
  for (const [url, digest] of files) {
    if (await own.match(url)) continue;
    const kept = await found(url, digest, before);
    if (kept === null) throw new Error(`${url} cannot be kept: it is not of this version`);
    await own.put(url, kept);
  }
  // Some hosts send the page by the folder's address alone. They may add to it, but not change its version.
  for (const url of [page, scope]) {
    const response = await service.fetch(new URL(url, scope), { cache: 'no-cache' });
    const text = await response.text();
    if (!response.ok || !text.includes(`"version":"${version}"`)) continue;
    await own.put(page, responseOf(response, text));
    return;
  }
  throw new Error(`${page} cannot be kept: it is not of this version`);
}

/** A file that is what it should be: as an earlier version had it, or from the network, past the browser's cache if need be. */
async function found(
  url: string,
  digest: string,
  before: readonly Cache[],
): Promise<Response | null> {
  const address = new URL(url, scope);
  const sources = [
    ...before.map((cache) => () => cache.match(address.href, { ignoreSearch: true })),
    () => service.fetch(address),
    () => service.fetch(address, { cache: 'reload' }),
  ];
  for (const source of sources) {
    const response = await source();
    if (!response?.ok) continue;
    const bytes = await response.arrayBuffer();
    if ((await digestOf(bytes)) === digest) return responseOf(response, bytes);
  }
  return null;
}

/** Without what the host said of how it sent it, or that it was sent from elsewhere. */
function responseOf({ headers }: Response, content: ArrayBuffer | string): Response {
  const type = headers.get('Content-Type') ?? 'application/octet-stream';
  return new Response(content, { headers: { 'Content-Type': type } });
}

async function digestOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Lets go of all versions but this one and the one before, which a page that is still open may show. */
async function begin(): Promise<void> {
  const others = (await namesHere()).slice(1);
  for (const name of others.slice(1)) await service.caches.delete(name);
  await service.clients.claim();
}

/** This version first, and then the others, the newest first. */
async function namesHere(): Promise<[string, ...string[]]> {
  const names = await service.caches.keys();
  const others = names.filter((name) => name.startsWith(FAMILY) && name !== OWN);
  return [OWN, ...others.reverse()];
}

async function cachesHere(): Promise<[Cache, ...Cache[]]> {
  const [own, ...others] = await namesHere();
  const { caches } = service;
  return [await caches.open(own), ...(await Promise.all(others.map((name) => caches.open(name))))];
}

async function keptFile(request: Request): Promise<Response> {
  for (const cache of await cachesHere()) {
    const kept = await cache.match(request.url);
    if (kept) return kept;
  }
  return service.fetch(request);
}

/** The page from the network, or the one that is kept where there is none, or none that answers in time. */
async function newestPage(request: Request): Promise<Response> {
  const [own] = await cachesHere();
  const kept = () => own.match(page);
  const fresh = service.fetch(request);
  const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE));
  try {
    return (await Promise.race([fresh, patience.then(kept)])) ?? (await fresh);
  } catch (error) {
    const last = await kept();
    if (last) return last;
    throw error;
  }
}
