import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { make } from '../../dist/env/index.js';
import type { WatchServer } from '../../dist/src/server/server.js';
import { describeWorld, type EpisodeSource } from '../../dist/src/watch/episode-source.js';
import { temporaryFolder } from '../run/temporary.ts';
import { addressOf, type Page, pageOf, serverOf } from '../watch/watching.ts';
import { busyPort } from './running-command.ts';

/** A source that needs no agent. */
function emptySource(): EpisodeSource {
  return {
    ...{ world: describeWorld(make('TimedGrid-v0')), replay: null, agents: [] },
    makeWorld: () => make('TimedGrid-v0'),
    open: () => {
      throw new Error('there is no agent');
    },
    rows: () => null,
    outcomes: () => null,
    curve: () => null,
    onNews() {},
    attend() {},
    async close() {},
  };
}

/** A folder with a page, next to a file that must not be served. */
function site(): string {
  const folder = temporaryFolder();
  fs.writeFileSync(join(folder, 'secret.txt'), 'secret');
  const files = join(folder, 'page');
  fs.mkdirSync(join(files, 'assets'), { recursive: true });
  fs.writeFileSync(join(files, 'index.html'), '<!doctype html>');
  fs.writeFileSync(join(files, 'assets', 'main.js'), 'start()');
  fs.symlinkSync(join(folder, 'secret.txt'), join(files, 'link.txt'));
  return files;
}

/** Asks with a path exactly as it is given. */
async function get({ port }: WatchServer, path: string, options: http.RequestOptions = {}) {
  const request = http.request({ host: '127.0.0.1', port, path, ...options }).end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** What a handshake comes to: 101, or the status of the refusal. */
function handshake(url: string, options: ConstructorParameters<typeof WebSocket>[2] = {}) {
  return new Promise<number>((resolve, reject) => {
    const socket = new WebSocket(url, options);
    onTestFinished(() => socket.terminate());
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode!));
    socket.on('error', reject);
  });
}

describe('files', () => {
  test('the page and what belongs to it', async () => {
    const server = await serverOf(emptySource(), { files: site() });
    expect(await get(server, '/')).toMatchObject({ status: 200, body: '<!doctype html>' });
    const script = await get(server, '/assets/main.js?version=1');
    expect(script).toMatchObject({ status: 200, body: 'start()' });
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['content-security-policy']).toContain("default-src 'self'");
    const { etag } = script.headers;
    const headers = { 'if-none-match': etag! };
    expect((await get(server, '/assets/main.js', { headers })).status).toBe(304);
    expect(await get(server, '/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    expect((await get(server, '/', { method: 'POST' })).status).toBe(405);
  });

  test('nothing else is served', async () => {
    const server = await serverOf(emptySource(), { files: site() });
    for (const path of [
      ...['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt'],
      ...['/..\\secret.txt', '//secret.txt', '/assets/main.js/../../../secret.txt', '/link.txt'],
      ...['/assets', '/assets/', '/index.html%00', '/__proto__', '/etc/passwd'],
    ]) {
      const { status, body } = await get(server, path);
      expect(status, path).toBe(404);
      expect(body).not.toContain('secret');
    }
  });

  test('a page that was not built says so', async () => {
    const server = await serverOf(emptySource());
    expect(await get(server, '/')).toMatchObject({ status: 503, body: /npm run build/ });
  });
});

describe('who may connect', () => {
  const cases: [string, (port: number) => Record<string, string>, number][] = [
    ['no page at all', () => ({}), 101],
    ['its own page', (port) => ({ Origin: `http://127.0.0.1:${port}` }), 101],
    [
      'its own page by another name',
      (port) => ({ Origin: `http://localhost:${port}`, Host: `localhost:${port}` }),
      101,
    ],
    ['a page of another site', () => ({ Origin: 'https://example.com' }), 403],
    ['a page of another port', () => ({ Origin: 'http://127.0.0.1:1' }), 403],
    ['a page without an origin', () => ({ Origin: 'null' }), 403],
    [
      "a page whose site's name leads here",
      (port) => ({ Origin: `http://example.com:${port}`, Host: `example.com:${port}` }),
      403,
    ],
  ];
  test.each(cases)('%s', async (_, headers, status) => {
    const server = await serverOf(emptySource());
    expect(await handshake(addressOf(server), { headers: headers(server.port) })).toBe(status);
  });

  test('files are not served under the name of another site either', async () => {
    const server = await serverOf(emptySource(), { files: site() });
    expect((await get(server, '/', { headers: { Host: 'example.com' } })).status).toBe(403);
  });

  test('by the names that were allowed, and addresses of this machine', async () => {
    const server = await serverOf(emptySource(), { files: site(), names: ['agents.example.org'] });
    const { port } = server;
    const own = Object.values(os.networkInterfaces()).flatMap((one) => one ?? []);
    const names = [
      ...['localhost', '127.0.0.1', '[::1]', 'agents.example.org', os.hostname()],
      ...own.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
    ];
    for (const name of names) {
      expect((await get(server, '/', { headers: { Host: `${name}:${port}` } })).status).toBe(200);
    }
    for (const name of [
      'evil.example',
      'example.org',
      'agents.example.org.',
      'localhost.evil.example',
    ]) {
      const answer = await get(server, '/', { headers: { Host: name } });
      expect(answer.status, name).toBe(403);
    }
    const { body } = await get(server, '/', { headers: { Host: 'evil.example' } });
    expect(body).toBe(
      'this server does not answer to the name evil.example; to allow it, start timegrid watch with --allow-host evil.example\n',
    );
  });

  test('files are not served to a page of another site', async () => {
    const server = await serverOf(emptySource(), { files: site() });
    const headers = { Origin: 'http://evil.example' };
    expect((await get(server, '/', { headers })).status).toBe(403);
  });

  test('at no other path', async () => {
    const server = await serverOf(emptySource());
    expect(await handshake(`ws://127.0.0.1:${server.port}/`)).toBe(404);
  });
});

describe('a server that other machines reach', () => {
  const open = () => serverOf(emptySource(), { files: site(), host: '0.0.0.0' });
  const tokenOf = (server: WatchServer) => new URL(server.link()).searchParams.get('token')!;
  /** What happens to a socket: it is greeted, or closed with a code. */
  const socketWith = (server: WatchServer, path: string, headers = {}) =>
    new Promise<number | 'greeted'>((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/socket${path}`, { headers });
      onTestFinished(() => socket.terminate());
      socket.on('message', () => resolve('greeted'));
      socket.on('error', () => {});
      socket.on('close', (code) => resolve(code));
    });

  test('shows its page only with the token, which goes from the address into a cookie', async () => {
    const server = await open();
    const token = tokenOf(server);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(server.link('?t=16')).toBe(`${server.address}?token=${token}&t=16`);
    for (const link of server.linksFromElsewhere('?t=16')) {
      expect(link).toMatch(/^http:\/\/[\d.]+:\d+\/\?token=[\w-]{43}&t=16$/);
    }
    for (const path of [
      '/',
      '/assets/main.js',
      '/?token=',
      `/?token=${token.slice(1)}`,
      `/?token=${token}x`,
    ]) {
      expect(await get(server, path), path).toMatchObject({
        ...{ status: 403, body: expect.stringContaining('including the token') },
      });
    }
    const { status, headers } = await get(server, `/?token=${token}&t=16`);
    expect([status, headers.location]).toEqual([303, '/?t=16']);
    const [cookie, ...attributes] = headers['set-cookie']![0]!.split('; ');
    expect(attributes).toEqual(['HttpOnly', 'SameSite=Strict', 'Path=/']);
    for (const path of ['/?t=16', '/assets/main.js']) {
      const request = { headers: { Cookie: `theme=dark; ${cookie}` } };
      expect((await get(server, path, request)).status).toBe(200);
    }
    const wrong = { headers: { Cookie: `${cookie!.split('=')[0]}=${'x'.repeat(43)}` } };
    expect((await get(server, '/', wrong)).status).toBe(403);
  });

  test('moves the token into the cookie after a click on another site, which a redirection would not', async () => {
    const server = await open();
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    const answer = await get(server, `/?token=${tokenOf(server)}&t=16`, { headers });
    expect([answer.status, answer.headers.refresh]).toEqual([200, '0; url=/?t=16']);
    expect(answer.headers['set-cookie']).toHaveLength(1);
  });

  test('redirects to itself only', async () => {
    const server = await open();
    for (const path of ['//evil.example/', '/\\evil.example/', 'http://evil.example/']) {
      const { headers } = await get(server, `${path}?token=${tokenOf(server)}`);
      expect(headers.location).toMatch(/^\/[^/\\]/);
    }
  });

  test('talks only to who has the token', async () => {
    const server = await open();
    const token = tokenOf(server);
    const name = `timegrid-${server.port}`;
    expect(await socketWith(server, '')).toBe(4003);
    expect(await socketWith(server, '?token=x')).toBe(4003);
    expect(await socketWith(server, '', { Cookie: `${name}=x` })).toBe(4003);
    expect(await socketWith(server, `?token=${token}`)).toBe('greeted');
    expect(await socketWith(server, '', { Cookie: `${name}=${token}` })).toBe('greeted');
    expect(await socketWith(server, `?token=${token}`, { Origin: 'http://evil.example' })).not.toBe(
      'greeted',
    );
    expect(server.clients).toBe(2);
  });

  test('has another token each time, and none for this machine alone', async () => {
    const [first, second] = [await open(), await open()];
    expect(tokenOf(first)).not.toBe(tokenOf(second));
    const local = await serverOf(emptySource());
    expect(local.link('?t=16')).toBe(`${local.address}?t=16`);
  });
});

describe('where there is no room for another page', () => {
  /** Opens a page at another address of this machine: all of 127.0.0.0/8 is. */
  const pageFrom = (server: WatchServer, localAddress: string) => pageOf(server, { localAddress });

  const farewell = (page: Page) =>
    new Promise<[number, string]>((resolve) =>
      page.socket.once('close', (code, reason) => resolve([code, reason.toString()])),
    );

  test('the one that has been idle longest makes it', async () => {
    const server = await serverOf(emptySource(), { mostClients: 3 });
    const pages = [await pageOf(server), await pageOf(server), await pageOf(server)] as const;
    const error = pages[0].error();
    pages[0].socket.send('?'); // so it is idle no more
    await error;
    const goodbye = farewell(pages[1]);
    await pageOf(server);
    expect(await goodbye).toEqual([4001, expect.stringMatching(/idle/)]);
    expect(server.clients).toBe(3);
    for (const { socket } of [pages[0], pages[2]]) expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  test.skipIf(process.platform !== 'linux')(
    'one of the address that has most does, idle or not',
    async () => {
      const server = await serverOf(emptySource(), { mostClients: 3 });
      const alone = await pageFrom(server, '127.0.0.1');
      const first = await pageFrom(server, '127.0.0.2');
      await pageFrom(server, '127.0.0.2');
      const goodbye = farewell(first);
      await pageFrom(server, '127.0.0.3');
      expect((await goodbye)[0]).toBe(4001);
      expect(alone.socket.readyState).toBe(WebSocket.OPEN);
    },
  );
});

test('a page that does not answer pings is dropped, and no other', async () => {
  const server = await serverOf(emptySource());
  const dead = await pageOf(server, { autoPong: false });
  const alive = await pageOf(server);
  const closed = new Promise((resolve) => dead.socket.once('close', resolve));
  const pinged = new Promise((resolve) => alive.socket.once('ping', resolve));
  server.beat();
  await pinged;
  // A pong and this go the same way, so once this is answered the pong has come.
  const error = alive.error();
  alive.socket.send('?');
  await error;
  server.beat();
  await closed;
  expect(server.clients).toBe(1);
  expect(alive.socket.readyState).toBe(WebSocket.OPEN);
});

describe('the port', () => {
  test('that was asked for and is busy is one sentence', async () => {
    const port = await busyPort();
    await expect(serverOf(emptySource(), { port })).rejects.toMatchObject({
      name: 'UsageError',
      message: `port ${port} is in use; choose another one, or name none to have a free one chosen`,
    });
  });

  test('that nobody asked for is the next free one', async () => {
    const first = await serverOf(emptySource(), { port: undefined });
    const second = await serverOf(emptySource(), { port: undefined });
    expect(first.port).toBeGreaterThanOrEqual(8080);
    expect(second.port).toBeGreaterThan(first.port);
    expect(first.address).toBe(`http://127.0.0.1:${first.port}/`);
  });

  test('of an address that is not here is one sentence', async () => {
    await expect(serverOf(emptySource(), { host: '192.0.2.1' })).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('192.0.2.1 is not an address of this machine'),
    });
  });
});

test('closing says goodbye and frees the port, even where a page does not read', async () => {
  const server = await serverOf(emptySource());
  const { port } = server;
  const page = await pageOf(server);
  const deaf = await pageOf(server);
  deaf.socket.pause();
  const goodbye = new Promise<number>((resolve) => page.socket.once('close', resolve));
  await server.close();
  expect(await goodbye).toBe(1001);
  const again = await serverOf(emptySource(), { port });
  expect(again.port).toBe(port);
});
