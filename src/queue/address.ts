import { suggestion } from '../../env/closest.ts';
import { UsageError } from '../common/errors.ts';

/** Where a queue is, as `redis://user:password@host:6379/0?keyPrefix=lab:` says it. */
export interface QueueAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  /** Whether to speak TLS. */
  readonly isSecure: boolean;
  /** What every key of the queue begins with. */
  readonly prefix: string;
  /** Without user and password, for people to read. */
  readonly shown: string;
}

const PORT = 6379;
const EXAMPLE = 'redis://host:6379, or rediss://host:6379 for TLS';
const PARAMETERS = ['keyPrefix'];
const MOST_PREFIX = 100;

/**
 * Reads the address of a Redis. Where it has no password, the environment variable `REDISCLI_AUTH` may, as it does for `redis-cli`.
 * @param name of the option, for errors, which never quote the address: it may hold a password
 * @throws UsageError that says what would be right
 */
export function queueAddress(name: string, env: NodeJS.ProcessEnv = process.env) {
  return (text: string): QueueAddress => {
    const refuse = (problem: string): never => {
      throw new UsageError(`${name} takes the address of a Redis, such as ${EXAMPLE}; ${problem}`);
    };
    if (!/^rediss?:\/\//i.test(text)) {
      const [scheme] = /^[a-z]+:\/\//i.exec(text) ?? [];
      return refuse(scheme ? `${scheme} is another protocol` : 'it begins with redis://');
    }
    let url: URL;
    try {
      url = new URL(text);
    } catch {
      return refuse(
        'this is none; in a password, write characters such as # / ? @ as %23 %2F %3F %40',
      );
    }
    if (url.hostname === '') return refuse('it names no host');
    const db = url.pathname.replace(/^\//, '') || '0';
    if (!/^\d{1,5}$/.test(db)) {
      return refuse('what follows the host is the number of the database, such as /0');
    }
    for (const key of url.searchParams.keys()) {
      if (!PARAMETERS.includes(key)) {
        return refuse(`it has no "${key}": ${suggestion(key, PARAMETERS, 'parameters')}`);
      }
    }
    const prefix = url.searchParams.get('keyPrefix') ?? '';
    if (!/^[\x21-\x7e]*$/.test(prefix) || /[{}]/.test(prefix) || prefix.length > MOST_PREFIX) {
      return refuse(
        `its keyPrefix has up to ${MOST_PREFIX} visible ASCII characters, without braces`,
      );
    }
    const isSecure = url.protocol === 'rediss:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? PORT : Number(url.port);
    const username = decoded(url.username);
    const password = decoded(url.password) || env.REDISCLI_AUTH;
    return {
      ...{ host, port, db: Number(db), isSecure, prefix },
      ...(username && { username }),
      ...(password && { password }),
      shown: `${url.protocol}//${url.hostname}:${port}${db === '0' ? '' : `/${db}`}${prefix && `?keyPrefix=${prefix}`}`,
    };
  };
}

/** What is not escaped as it should be is taken as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
