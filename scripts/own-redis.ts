import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Redis of a measurement's own. */
export interface OwnRedis {
  /** On this machine. */
  readonly port: number;
  readonly address: string;
  close(): void;
}

/** Starts `redis-server`, or what REDIS_SERVER names, on a free port; it keeps nothing on the disk. */
export async function startRedis(): Promise<OwnRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'timegrid-redis-'));
  const port = await freePort();
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const server = spawn(process.env.REDIS_SERVER ?? 'redis-server', options, { stdio: 'ignore' });
  const failed = new Promise<never>((_, reject) => server.once('error', reject));
  failed.catch(() => {});
  while (!(await Promise.race([isListening(port), failed]))) await sleep(20);
  const close = (): void => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, address: `redis://127.0.0.1:${port}`, close };
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1');
    probe.once('error', () => resolve(false));
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
  });
}
