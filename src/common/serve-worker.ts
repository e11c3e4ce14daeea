import { parentPort } from 'node:worker_threads';
import { type ErrorData, toErrorData } from './thread-error.ts';

/** What a handler may do besides answering. */
export interface Reply<Event = never> {
  /** Reports progress to whoever asked. */
  emit(event: Event): void;
  /** Buffers of the answer that are moved to the other thread rather than copied. */
  readonly moved: ArrayBuffer[];
}

/** The requests that a thread answers, by name: each takes at most one argument and gives its answer or a promise of it. */
export type Handlers = Readonly<Record<string, (argument: never, reply: Reply<never>) => unknown>>;

export interface WorkerRequest {
  /** Null: finish and end. */
  readonly name: string | null;
  readonly argument?: unknown;
}

export type WorkerMessage =
  | { readonly event: unknown }
  | { readonly answer: unknown }
  | { readonly error: ErrorData };

/**
 * Answers the requests of a `WorkerClient`, one at a time and in order. The thread ends when the client is closed, after the
 * request that it is working on: ending it in the middle of native code would end the process.
 * @param close lets go of what the handlers hold
 */
export function serveWorker(handlers: Handlers, close?: () => unknown): void {
  const port = parentPort!;
  const answer = async ({ name, argument }: WorkerRequest): Promise<void> => {
    const moved: ArrayBuffer[] = [];
    const post = (message: WorkerMessage): void => port.postMessage(message, moved);
    try {
      if (name === null) return await end(close);
      const reply: Reply<unknown> = { emit: (event) => port.postMessage({ event }), moved };
      post({ answer: await handlers[name]!(argument as never, reply as Reply<never>) });
    } catch (error) {
      post({ error: toErrorData(error) });
    }
  };
  let last = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    last = last.then(() => answer(request));
  });
}

async function end(close: (() => unknown) | undefined): Promise<void> {
  try {
    await close?.();
  } finally {
    // Closing the port is not enough: a world's timers or sockets would keep the thread alive, and the WebAssembly engine would
    // first optimise all of its code.
    process.exit();
  }
}
