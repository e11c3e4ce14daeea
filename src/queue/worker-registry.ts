import * as z from 'zod';
import { parseJson } from '../common/parse-json.ts';
import type { QueueConnection } from './connect.ts';
import type { QueueKeys } from './keys.ts';

const workerSchema = z.strictObject({
  id: z.uuid(),
  host: z.string().max(300),
  cpu: z.string().max(300),
  versions: z.record(z.string().max(100), z.string().max(100)),
  /** Runs that it does at once, and those that it is at. */
  jobs: z.int().min(1).max(100_000),
  busy: z.int().min(0).max(100_000),
});

/** What a worker says of itself. */
export type KnownWorker = z.infer<typeof workerSchema>;

const MOST_TEXT = 4_000;
const MOST_WORKERS = 20_000;

/** The workers of a queue: each says every few seconds that it is there. */
export class WorkerRegistry {
  readonly #redis: QueueConnection['redis'];
  readonly #keys: QueueKeys;

  constructor({ redis }: QueueConnection, keys: QueueKeys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  /** @param seconds after which the worker is forgotten */
  async announce(worker: KnownWorker, seconds: number): Promise<void> {
    const { workers, worker: place } = this.#keys;
    await this.#redis.set(place(worker.id), JSON.stringify(worker), 'EX', Math.ceil(seconds));
    await this.#redis.sadd(workers, worker.id);
  }

  async remove(id: string): Promise<void> {
    await this.#redis.del(this.#keys.worker(id));
    await this.#redis.srem(this.#keys.workers, id);
  }

  /** Those that have given a sign of life lately. */
  async list(): Promise<KnownWorker[]> {
    const { workers, worker: place } = this.#keys;
    const ids = (await this.#redis.srandmember(workers, MOST_WORKERS)) ?? [];
    const found: KnownWorker[] = [];
    const gone: string[] = [];
    for (let i = 0; i < ids.length; i += 500) {
      const some = ids.slice(i, i + 500);
      const pipeline = this.#redis.pipeline();
      for (const id of some) pipeline.getrange(place(id), 0, MOST_TEXT);
      const answers = (await pipeline.exec()) ?? [];
      for (const [j, [, text]] of answers.entries()) {
        const worker = readWorker(String(text ?? ''));
        if (worker) found.push(worker);
        else gone.push(some[j]!);
      }
    }
    if (gone.length > 0) await this.#redis.srem(workers, ...gone);
    return found;
  }
}

function readWorker(text: string): KnownWorker | undefined {
  try {
    return workerSchema.parse(parseJson(text));
  } catch {
    return undefined;
  }
}
