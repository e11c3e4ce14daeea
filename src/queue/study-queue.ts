import * as z from 'zod';
import { Failure } from '../common/errors.ts';
import { parseJson } from '../common/parse-json.ts';
import { pathwaySourceOf } from '../plugins/known-pathway.ts';
import type { PlannedRun } from '../study/planned-run.ts';
import type { QueueAddress } from './address.ts';
import { type ConnectionCalls, connect, type QueueConnection } from './connect.ts';
import { jobOf } from './job.ts';
import { QUEUE } from './keys.ts';
import { packCode } from './own-code.ts';
import { type QueuedState, RunStore } from './store.ts';
import { type KnownWorker, WorkerRegistry } from './worker-registry.ts';

const failureSchema = z.looseObject({ sentence: z.string().max(10_000) });

/** Jobs that are added in one go. */
const ADDED = 500;
/** Events that BullMQ keeps; nobody reads them. */
const EVENTS = 100;

/** A study's side of a queue: it declares runs, sees how they stand, and fetches what has become of them. */
export class StudyQueue {
  readonly store: RunStore;
  readonly #connection: QueueConnection;
  readonly #bull;
  readonly #registry: WorkerRegistry;
  readonly #kept: number;

  private constructor(connection: QueueConnection, kept: number) {
    this.#connection = connection;
    this.#kept = kept;
    // It never takes a run, so it holds none.
    this.store = new RunStore(connection, 1);
    const { keys } = this.store;
    this.#bull = new connection.bullmq.Queue(QUEUE, {
      ...{ connection: connection.redis, prefix: keys.root },
      streams: { events: { maxLen: EVENTS } },
    });
    this.#bull.on('error', () => {});
    this.#registry = new WorkerRegistry(connection, keys);
  }

  /** @param kept seconds that Redis keeps checkpoints and results @throws as `connect` does */
  static async open(address: QueueAddress, kept: number, calls?: ConnectionCalls) {
    return new StudyQueue(await connect(address, calls), kept);
  }

  /** Where it is, without a password. */
  get shown(): string {
    return this.#connection.address.shown;
  }

  /**
   * Puts runs into the queue, with the code of the user's own that they need. One that is there already stays as it is.
   * @throws UsageError for code that is too large to travel; Failure where Redis is full
   */
  async declare(runs: readonly PlannedRun[]): Promise<void> {
    try {
      await this.#sendCode(runs);
      for (let i = 0; i < runs.length; i += ADDED) {
        await this.#bull.addBulk(
          runs.slice(i, i + ADDED).map((run) => ({
            ...{ name: 'run', data: jobOf(run, this.#kept) },
            opts: { jobId: run.key, removeOnComplete: true, removeOnFail: true },
          })),
        );
      }
    } catch (cause) {
      if (!/\bOOM\b/.test((cause as Error).message)) throw cause;
      throw new Failure(
        `Redis at ${this.shown} is full (maxmemory) and takes no more runs: give it more memory, or wait until runs have ended`,
        { cause },
      );
    }
  }

  async #sendCode(runs: readonly PlannedRun[]): Promise<void> {
    const { redis } = this.#connection;
    const sent = new Set<string>();
    for (const { settings } of runs) {
      for (const source of [settings.env.source, pathwaySourceOf(settings.config)]) {
        if (!source || sent.has(source.version)) continue;
        sent.add(source.version);
        const files = packCode(source);
        if (!files) continue;
        const place = this.store.keys.code(source.version);
        const sending = redis
          .multi()
          .del(place)
          .hset(place, ...Object.entries(files).flat());
        for (const [error] of (await sending.expire(place, this.#kept).exec()) ?? []) {
          if (error) throw error;
        }
      }
    }
  }

  /** How runs stand, in their order. */
  survey(runs: readonly PlannedRun[]): Promise<QueuedState[]> {
    return this.store.survey(runs.map(({ key }) => key));
  }

  /** Why a run has failed; undefined where it has not. */
  async failureOf({ key }: PlannedRun): Promise<string | undefined> {
    const text = await this.store.readEnd(key, 'failure');
    if (text === undefined) return undefined;
    try {
      return failureSchema.parse(parseJson(text)).sentence;
    } catch {
      return 'it failed, and its reason in the queue cannot be read';
    }
  }

  /** The text of a run's result; undefined where there is none. */
  resultOf({ key }: PlannedRun): Promise<string | undefined> {
    return this.store.readEnd(key, 'result');
  }

  workers(): Promise<KnownWorker[]> {
    return this.#registry.list();
  }

  close(): void {
    this.#bull.close().catch(() => {});
    this.#connection.close();
  }
}
