import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** A web host that sends files as they are, without any header of its own. @param more answers some requests itself @returns its address, what was sent, and how to stop it */
export async function hosted(
  root: string,
  more: (request: http.IncomingMessage, response: http.ServerResponse) => boolean = () => false,
) {
  const sent: { readonly name: string; readonly bytes: number }[] = [];
  const server = http.createServer((request, response) => {
    if (more(request, response)) return;
    const name = request.url!.split('?')[0]!.slice(1) || 'index.html';
    const path = join(root, name);
    if (!fs.existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    const content = fs.readFileSync(path);
    sent.push({ name, bytes: content.length });
    response.setHeader('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream');
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, sent, stop };
}
