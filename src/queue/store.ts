import { Failure } from '../common/errors.ts';
import type { QueueConnection } from './connect.ts';
import { type QueueKeys, queueKeys } from './keys.ts';
import { SCRIPTS } from './scripts.ts';

/** A run that a worker has taken, as long as BullMQ's lock has its token. */
export interface Hold {
  readonly key: string;
  readonly token: string;
}

/** Files by their names. */
export type Files = Readonly<Record<string, Buffer>>;

/** How a run stands in the queue. */
export interface QueuedState {
  readonly is: 'done' | 'failed' | 'at work' | 'waiting' | 'missing';
  /** Of its training, 0 to 1. */
  readonly share: number;
  /** Frames a second; 0 while it does not train. */
  readonly speed: number;
  /** Seconds of a core that it has taken so far, lost work included. */
  readonly spent: number;
  /** The id of the worker that has it; empty where none has. */
  readonly worker: string;
  /** Why a worker has refused it, if one has; else empty. */
  readonly refused: string;
}

/** Bytes of a result or a failure, and of all files of a checkpoint or of a user's own code. */
const MOST_END = 2 ** 24;
export const MOST_CHECKPOINT = 2 ** 26;
/** Runs that one script looks at: it blocks Redis for about a millisecond. */
const SURVEYED = 500;
const STATES: Readonly<Record<string, QueuedState['is']>> = {
  ...{ d: 'done', f: 'failed', a: 'at work', w: 'waiting' },
};

type Script = (...args: (string | number | Buffer)[]) => Promise<unknown>;
type Scripts = Readonly<Record<keyof typeof SCRIPTS | 'readFilesBuffer', Script>>;

/** Whether Redis has refused to write because its memory is used up. */
export const isFull = (error: unknown): boolean => /\bOOM\b/.test(String(Object(error).message));

/** What a queue keeps of runs in Redis, besides BullMQ's jobs. */
export class RunStore {
  readonly keys: QueueKeys;
  readonly #redis: QueueConnection['redis'];
  readonly #scripts: Scripts;
  readonly #lease: number;

  /** @param lease milliseconds for which a worker holds a run without a sign of life */
  constructor({ redis, address }: QueueConnection, lease: number) {
    this.keys = queueKeys(address.prefix);
    this.#redis = redis;
    this.#lease = lease;
    for (const [name, script] of Object.entries(SCRIPTS)) redis.defineCommand(name, script);
    this.#scripts = redis as unknown as Scripts;
  }

  #held({ key, token }: Hold) {
    const { lock, state, active, waiting } = this.keys;
    const keys = [lock(key), state(key), active, waiting] as const;
    return { keys, args: [token, key, this.#lease] as const };
  }

  /**
   * Notes that a worker has taken a run.
   * @returns undefined where it has lost it already; else how often it was taken since its last checkpoint, and what it has cost
   */
  async take(hold: Hold, worker: string, kept: number) {
    const { keys, args } = this.#held(hold);
    const answer = await this.#scripts.takeRun(...keys, ...args, worker, kept);
    const [isMine, fruitless, spent] = answer as [number, number, string];
    return isMine ? { fruitless, spent: finite(spent) } : undefined;
  }

  /** @returns whether the run is still the caller's, for another lease from now on */
  async keep(hold: Hold, kept: number, state: Readonly<Record<string, number>>): Promise<boolean> {
    const { keys, args } = this.#held(hold);
    const fields = Object.entries(state).flat();
    return (await this.#scripts.keepRun(...keys, ...args, kept, ...fields)) === 1;
  }

  /** @returns whether it was stored: the run is still the caller's */
  async storeCheckpoint(hold: Hold, kept: number, files: Files): Promise<boolean> {
    const { keys, args } = this.#held(hold);
    const place = this.keys.checkpoint(hold.key);
    const fields = Object.entries(files).flat();
    const places = [place, `${place}:new`];
    return (
      (await this.#scripts.storeCheckpoint(...keys, ...places, ...args, kept, ...fields)) === 1
    );
  }

  /** @returns whether the run has ended so, now or before, and not otherwise */
  async storeEnd(hold: Hold, how: 'result' | 'failure', kept: number, text: string) {
    const { keys, args } = this.#held(hold);
    const places = [this.keys[how](hold.key), this.keys.checkpoint(hold.key)];
    return (await this.#scripts.storeEnd(...keys, ...places, ...args, kept, text)) !== 0;
  }

  /** To be called before a run is given back. @param refused why, where this worker cannot do it */
  async leave(hold: Hold, refused = ''): Promise<boolean> {
    const { keys, args } = this.#held(hold);
    return (await this.#scripts.leaveRun(...keys, ...args, refused)) === 1;
  }

  /** The id of the job that a token has locked. */
  async lockedBy(token: string): Promise<string | undefined> {
    const [before, after] = this.keys.lock('*').split('*') as [string, string];
    const id = await this.#scripts.findLocked(this.keys.active, token, before, after);
    return typeof id === 'string' ? id : undefined;
  }

  /** @returns undefined where there are none @throws Failure where they are more than `most` bytes, or one is missing */
  async readFiles(place: string, names: readonly string[], most: number) {
    const answer = await this.#scripts.readFilesBuffer(place, most, ...names);
    if (answer === 0) return undefined;
    if (!Array.isArray(answer)) {
      throw new Failure(`${place} holds more than ${most / 2 ** 20} MiB`);
    }
    const missing = names.find((_, i) => !answer[i]);
    if (missing !== undefined) throw new Failure(`${place} lacks ${missing}`);
    return Object.fromEntries(names.map((name, i) => [name, answer[i] as Buffer]));
  }

  /** @throws Failure for one that is too large to be true */
  async readEnd(key: string, how: 'result' | 'failure'): Promise<string | undefined> {
    const place = this.keys[how](key);
    const text = await this.#redis.getrange(place, 0, MOST_END);
    if (text.length > MOST_END) throw new Failure(`${place} holds more than 16 MiB`);
    return text === '' ? undefined : text;
  }

  /** How runs stand, in the order of their keys. */
  async survey(runs: readonly string[]): Promise<QueuedState[]> {
    const { result, failure, job, state } = this.keys;
    const found: QueuedState[] = [];
    for (let i = 0; i < runs.length; i += SURVEYED) {
      const some = runs.slice(i, i + SURVEYED);
      const places = [result, failure, job, state].map((place) => place(''));
      const answer = (await this.#scripts.surveyRuns(...places, ...some)) as string[][];
      for (const [
        letter,
        share = '',
        speed = '',
        spent = '',
        worker = '',
        refused = '',
      ] of answer) {
        found.push({
          is: STATES[letter!] ?? 'missing',
          ...{ share: Math.min(1, finite(share)), speed: finite(speed), spent: finite(spent) },
          ...{ worker, refused },
        });
      }
    }
    return found;
  }
}

/** A number of at least zero that was written by anybody. */
function finite(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : 0;
}
