import type * as bullmq from 'bullmq';
import type { Redis } from 'ioredis';
import { Failure, UsageError } from '../common/errors.ts';
import type { QueueAddress } from './address.ts';

/** A connection to a Redis, and the packages that speak with it. */
export interface QueueConnection {
  readonly redis: Redis;
  readonly bullmq: typeof bullmq;
  readonly address: QueueAddress;
  /** Ends it without waiting for answers. */
  close(): void;
}

/** What is told about a connection while it lasts. */
export interface ConnectionCalls {
  onLost?(): void;
  onBack?(): void;
}

/** Milliseconds to wait for a connection at the start, and for any answer to a command. */
const FIRST_CONTACT = 10_000;
const ANSWER = 60_000;
/** Milliseconds between two attempts to connect again, at most. */
const RETRY = 2_000;
/** Its lists and hashes, and a HELLO before anything else. */
const LEAST_VERSION = 6.2;

/**
 * Connects to a Redis. Once connected, it connects again by itself for as long as it takes, and commands wait for that.
 * @throws UsageError where BullMQ is not installed, or Redis refuses the password or may throw away what it holds
 * @throws Failure where there is no Redis, or one too old
 */
export async function connect(
  address: QueueAddress,
  { onLost, onBack }: ConnectionCalls = {},
): Promise<QueueConnection> {
  const { ioredis, bullmq } = await loadPackages();
  const { host, port, db, username, password, isSecure, shown } = address;
  let isKnown = false;
  let isLost = false;
  let problem: string | undefined;
  const redis = new ioredis.Redis({
    ...{ host, port, db, lazyConnect: true, connectTimeout: FIRST_CONTACT },
    ...(username && { username }),
    ...(password && { password }),
    ...(isSecure && { tls: { servername: host } }),
    ...{ maxRetriesPerRequest: null, socketTimeout: ANSWER },
    retryStrategy: (times) => (isKnown ? Math.min(100 * 2 ** times, RETRY) : null),
  });
  redis.on('error', (error) => {
    // The first says why; those that follow only that the connection is closed.
    problem ??= error.message || String((error as { code?: unknown }).code);
  });
  const close = (): void => redis.disconnect();
  try {
    await redis.connect();
    await requireSuitable(redis, shown);
  } catch (error) {
    close();
    if (error instanceof UsageError || error instanceof Failure) throw error;
    throw refusalOf(problem ?? (error as Error).message, shown);
  }
  isKnown = true;
  redis.on('close', () => {
    if (!isLost && redis.status !== 'end') onLost?.();
    isLost = true;
  });
  redis.on('ready', () => {
    if (isLost) onBack?.();
    isLost = false;
  });
  return { redis, bullmq, address, close };
}

async function loadPackages() {
  try {
    const [ioredis, bull] = await Promise.all([import('ioredis'), import('bullmq')]);
    return { ioredis, bullmq: bull };
  } catch (cause) {
    const { code, message } = cause as { code?: unknown; message?: unknown };
    if (code !== 'ERR_MODULE_NOT_FOUND' || !/bullmq|ioredis/.test(String(message))) throw cause;
    throw new UsageError(
      'a queue needs BullMQ and its client of Redis, which are installed only where they are used: npm install bullmq ioredis',
      { cause },
    );
  }
}

function refusalOf(message: string, shown: string): Error {
  if (/WRONGPASS|NOAUTH|invalid password|AUTH <password>/i.test(message)) {
    return new UsageError(
      `${shown} refuses the user or the password: write user:password@ before the host, or the password into REDISCLI_AUTH`,
    );
  }
  if (/NOPERM/.test(message)) {
    return new UsageError(`${shown} does not let this user do what a queue needs: ${message}`);
  }
  return new Failure(
    `cannot reach Redis at ${shown} (${message}): start it there, or check the address`,
  );
}

/** @throws Failure for a Redis that is too old; UsageError for one that may throw a run away */
async function requireSuitable(redis: Redis, shown: string): Promise<void> {
  const about = await redis.info();
  const field = (name: string): string =>
    new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(about)?.[1] ?? '';
  const version = field('redis_version');
  if (Number.parseFloat(version) < LEAST_VERSION) {
    throw new Failure(
      `${shown} is Redis ${version}: a queue needs Redis ${LEAST_VERSION} or later, or Valkey`,
    );
  }
  const policy = field('maxmemory_policy');
  if (policy !== '' && policy !== 'noeviction') {
    throw new UsageError(
      `${shown} throws away what it holds when it is full (maxmemory-policy ${policy}), runs included: set it to noeviction`,
    );
  }
}
