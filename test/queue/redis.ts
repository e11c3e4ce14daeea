import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeEach, vi } from 'vitest';
import { freePort, isListening } from '../../scripts/own-redis.ts';

/** The server to test with: Redis or Valkey, or what REDIS_SERVER names. */
const server = [process.env.REDIS_SERVER, 'redis-server', 'valkey-server'].find(
  (name) => name && spawnSync(name, ['--version']).status === 0,
);

/** Whether there is a Redis to test with. */
export const hasRedis = server !== undefined;

/** Prepares a file of tests with a Redis. Where there is none, all of them are skipped, and say why. */
export function skipWithoutRedis(): void {
  // They wait for other processes, which a busy machine may keep waiting in turn.
  vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
  beforeEach((context) => context.skip(!hasRedis, 'there is no redis-server on this machine'));
}

const started = new Set<TestRedis>();
afterAll(async () => {
  await Promise.all([...started].map((redis) => redis.remove()));
});

/** A Redis of this test's own, on a free port. It does not outlive the tests. */
export class TestRedis {
  readonly port: number;
  readonly folder: string;
  readonly #options: readonly string[];
  #process: ChildProcess | undefined;
  #client: Redis | undefined;
  #password: string | undefined;

  private constructor(port: number, folder: string, options: readonly string[]) {
    [this.port, this.folder, this.#options] = [port, folder, options];
  }

  /** @param options of the server, such as `--appendonly yes` */
  static async start(...options: string[]): Promise<TestRedis> {
    const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-redis-'));
    const redis = new TestRedis(await freePort(), folder, options);
    started.add(redis);
    await redis.restart();
    return redis;
  }

  get address(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Looks at it from outside. */
  get client(): Redis {
    if (this.#client) return this.#client;
    const place = {
      ...{ port: this.port, host: '127.0.0.1' },
      ...(this.#password && { password: this.#password }),
    };
    this.#client = new Redis({ ...place, maxRetriesPerRequest: null });
    return this.#client.on('error', () => {});
  }

  /** The port at which it speaks TLS. */
  securePort = 0;

  /** Lets it speak TLS, too, with the certificate that its options name. */
  async listenSecurely(password: string): Promise<void> {
    this.securePort = await freePort();
    await this.withPassword(password).client.config('SET', 'tls-port', this.securePort);
  }

  /** For `client`. */
  withPassword(password: string): this {
    this.#password = password;
    return this;
  }

  /** Starts it, again with what it has on its disk. */
  async restart(): Promise<void> {
    const place = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--dir', this.folder];
    this.#process = spawn(server!, [...place, '--save', '', ...this.#options], { stdio: 'ignore' });
    while (!(await isListening(this.port))) await sleep(10);
  }

  /** SIGSTOP lets it hang, SIGCONT go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process!.kill(signal);
  }

  async kill(): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    started.delete(this);
    this.#client?.disconnect();
    await this.kill();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
