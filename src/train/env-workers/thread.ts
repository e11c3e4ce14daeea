import { Worker } from 'node:worker_threads';
import { WorldError } from '../../../env/index.ts';
import type { WorldsReply, WorldsRequest } from './worker.ts';

/** A thread that steps worlds. */
export class WorldsThread {
  readonly #worker = new Worker(new URL('./worker.js', import.meta.url));
  readonly #ended: Promise<void>;
  #settle: { resolve: (result: unknown) => void; reject: (error: unknown) => void } | undefined;
  #pending: Promise<unknown> = Promise.resolve();
  #failure: Error | undefined;

  /** @param id of its worlds, for messages */
  constructor(id: string) {
    this.#worker.on('message', (reply: WorldsReply) => {
      if ('error' in reply) this.#settle?.reject(Object.assign(new Error(), reply.error));
      else this.#settle?.resolve(reply.result);
    });
    // What a world throws while it is asked something comes as a message; this is what it throws of itself.
    this.#worker.on('error', (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#fail(new WorldError(`a world, ${id}, failed in its own time: ${reason}`));
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#fail(new WorldError(`a world, ${id}, ended its thread with code ${code}`));
        resolve();
      });
    });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#settle?.reject(this.#failure);
  }

  ask(request: WorldsRequest): Promise<unknown> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#pending = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.postMessage(request);
    });
    return this.#pending;
  }

  /** Lets the worlds finish what they do, and closes them. */
  async close(): Promise<void> {
    await this.#pending.catch(() => {});
    this.#worker.postMessage({ do: 'close' } satisfies WorldsRequest);
    await this.#ended;
  }
}
