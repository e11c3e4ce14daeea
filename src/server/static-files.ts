import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { readBytes } from '../common/read-file.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

const headers = {
  'Content-Security-Policy':
    "default-src 'self'; connect-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

interface File {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
}

/** The files of one folder, read once: nothing else can be asked for, whatever the address. */
export class StaticFiles {
  readonly #files = new Map<string, File>();

  /** @param folder a folder that is missing has no files */
  constructor(folder: string) {
    if (!fs.existsSync(folder)) return;
    for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const bytes = readBytes(path);
      const type = types[extname(path)] ?? 'application/octet-stream';
      const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
      this.#files.set(`/${relative(folder, path).split(sep).join('/')}`, { bytes, type, etag });
    }
  }

  /** Answers a request with a file, or says why not. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url = '/' } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      sendSentence(response, 405, 'only GET and HEAD are supported');
      return;
    }
    const path = url.split(/[?#]/, 1)[0]!;
    const file = this.#files.get(path === '/' ? '/index.html' : path);
    if (!file) {
      if (path === '/')
        sendSentence(response, 503, 'the page has not been built: npm run build builds it');
      else sendSentence(response, 404, 'no such file');
      return;
    }
    const { bytes, type, etag } = file;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, { ...headers, ETag: etag }).end();
      return;
    }
    response.writeHead(200, {
      ...headers,
      ...{ 'Content-Type': type, 'Content-Length': bytes.length, ETag: etag },
    });
    response.end(method === 'HEAD' ? undefined : bytes);
  }
}

/** Answers with a sentence. */
export function sendSentence(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}
