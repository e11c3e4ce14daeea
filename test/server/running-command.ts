import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { Page } from '../watch/watching.ts';

export const cli = fileURLToPath(new URL('../../dist/src/cli/timegrid.js', import.meta.url));

/** A running command, and the address that it has printed. */
export async function running(args: readonly string[], stream: 'stdout' | 'stderr') {
  const child: ChildProcess = spawn(process.execPath, [cli, ...args], { stdio: 'pipe' });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  let output = '';
  const other = stream === 'stdout' ? 'stderr' : 'stdout';
  child[other]!.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const lines = createInterface({ input: child[stream]! });
  const address = await new Promise<URL>((resolve, reject) => {
    lines.on('line', (line) => {
      output += `${line}\n`;
      const found = /watch(?: it)? at (http:\S+)/i.exec(line);
      if (found) resolve(new URL(found[1]!));
    });
    child.once('close', () => reject(new Error(output)));
  });
  return { child, address, exit, output: () => output };
}

export async function pageAt({ host }: URL): Promise<Page> {
  const socket = new WebSocket(`ws://${host}/socket`);
  onTestFinished(() => socket.terminate());
  const page = new Page(socket);
  await page.hello();
  return page;
}

/** A port on which another program listens. */
export async function busyPort(): Promise<number> {
  const other = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  onTestFinished(() => void other.close());
  return (other.address() as net.AddressInfo).port;
}
