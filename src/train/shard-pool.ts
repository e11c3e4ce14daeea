import { Worker } from 'node:worker_threads';
import '../../agent/engines/telemetry.ts';
import { WorldError } from '../../env/errors.ts';
import { fromMessage } from '../common/thread-error.ts';
import type { ShardPlan, ShardReport, ShardState } from './shard.ts';
import type { ShardReply, ShardRequest } from './shard-worker.ts';

/** One worker thread for each shard; they work at the same time and answer in order. */
export class ShardPool {
  readonly #threads: readonly ShardThread[];

  private constructor(threads: readonly ShardThread[]) {
    this.#threads = threads;
  }

  static async start(plans: readonly ShardPlan[]): Promise<ShardPool> {
    const pool = new ShardPool(plans.map(() => new ShardThread()));
    try {
      await pool.#askAll((shard) => ({ do: 'create', plan: plans[shard]! }));
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  /** Every shard fills a rollout and computes its gradient. @param pull as `Learner.learn` takes it */
  advance(pull: number): Promise<ShardReport[]> {
    return this.#askAll(() => ({ do: 'advance', pull })) as Promise<ShardReport[]>;
  }

  state(): Promise<ShardState[]> {
    return this.#askAll(() => ({ do: 'state' })) as Promise<ShardState[]>;
  }

  async restore(states: readonly ShardState[]): Promise<void> {
    await this.#askAll((shard) => ({ do: 'restore', state: states[shard]! }));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #askAll(request: (shard: number) => ShardRequest): Promise<unknown[]> {
    return Promise.all(this.#threads.map((thread, shard) => thread.ask(request(shard))));
  }
}

/**
 * Every run of ONNX Runtime leaves garbage outside the heap, by which V8 judges when to collect everything. Collecting the young
 * often is cheaper: it takes that garbage too.
 */
const YOUNG_GENERATION_MB = 3;

class ShardThread {
  readonly #worker = new Worker(new URL('./shard-worker.js', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  readonly #ended: Promise<void>;
  #settle: { resolve: (result: unknown) => void; reject: (error: unknown) => void } | undefined;
  #pending: Promise<unknown> = Promise.resolve();
  #failure: Error | undefined;

  constructor() {
    this.#worker.on('message', (reply: ShardReply) => {
      if ('error' in reply) this.#settle?.reject(fromMessage(reply.error));
      else this.#settle?.resolve(reply.result);
    });
    this.#worker.on('error', ({ message }: Error) =>
      this.#fail(new WorldError(`a thread of the training failed: ${message}`)),
    );
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#fail(
          new WorldError(
            `a thread of the training has ended with code ${code}; look for process.exit in the world`,
          ),
        );
        resolve();
      });
    });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#settle?.reject(this.#failure);
  }

  ask(request: ShardRequest): Promise<unknown> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#pending = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.postMessage(request);
    });
    return this.#pending;
  }

  /** Lets the thread finish what it does, since ending it within native code would end the process. */
  async close(): Promise<void> {
    await this.#pending.catch(() => {});
    this.#worker.postMessage({ do: 'close' } satisfies ShardRequest);
    await this.#ended;
  }
}
