import net from 'node:net';
import { describeSystemError, Failure, UsageError } from '../common/errors.ts';

/** For this machine alone. */
export const HOST = '127.0.0.1';
const FIRST_PORT = 8080;
const PORTS_TRIED = 100;

/**
 * Begins to listen.
 * @param wanted if it is busy, that is an error; undefined: 8080 or the next one that is free
 * @throws UsageError or Failure for a port or an address that cannot be used
 */
export async function listen(
  server: net.Server,
  wanted: number | undefined,
  host = HOST,
): Promise<void> {
  const first = wanted ?? FIRST_PORT;
  const last = wanted ?? FIRST_PORT + PORTS_TRIED - 1;
  for (let port = first; ; port++) {
    try {
      return await listenAt(server, port, host);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && port < last) continue;
      throw refusedPort(error, wanted, host);
    }
  }
}

/** Makes sure that a server could listen there now. @throws as `listen` does */
export async function requirePort(wanted: number | undefined): Promise<void> {
  const trial = net.createServer();
  await listen(trial, wanted);
  await new Promise((resolve) => trial.close(resolve));
}

function listenAt(server: net.Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function refusedPort(error: unknown, wanted: number | undefined, host: string): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE' && wanted !== undefined) {
    return new UsageError(
      `port ${wanted} is in use; choose another one, or name none to have a free one chosen`,
    );
  }
  if (code === 'EADDRINUSE') {
    const last = FIRST_PORT + PORTS_TRIED - 1;
    return new Failure(`the ports from ${FIRST_PORT} to ${last} are all in use; name a free one`);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new UsageError(
      `${host} is not an address of this machine; --host takes one, such as 127.0.0.1 or 0.0.0.0`,
    );
  }
  if (code === 'EACCES' && wanted !== undefined) {
    return new UsageError(`port ${wanted} needs special rights; choose 1024 or above`);
  }
  return new Failure(describeSystemError(error, 'listen on', host));
}
