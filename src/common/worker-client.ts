import { type ResourceLimits, Worker } from 'node:worker_threads';
import { WorldError } from '../../env/errors.ts';
import { describeThrown } from '../../env/guard/thrown.ts';
import { printableLines } from '../../env/printable.ts';
import type { Handlers, Reply, WorkerMessage, WorkerRequest } from './serve-worker.ts';
import { fromErrorData } from './thread-error.ts';

export interface WorkerSettings {
  /** Who runs in the thread, as the subject of a sentence: the id of its world. */
  readonly name: string;
  readonly resourceLimits?: ResourceLimits;
  /** Is given what the code in the thread prints; by default that goes to standard error. */
  readonly onPrint?: (text: string) => void;
}

type EventOf<Handler> = Handler extends (argument: never, reply: Reply<infer Event>) => unknown
  ? Event
  : never;
type Arguments<Handler extends (...args: never[]) => unknown> =
  Parameters<Handler> extends []
    ? []
    : [argument: Parameters<Handler>[0], onEvent?: (event: EventOf<Handler>) => void];

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly onEvent: ((event: never) => void) | undefined;
}

/**
 * A thread that answers requests: one that has called `serveWorker`.
 * @typeParam Served the handlers that it serves
 */
export class WorkerClient<Served extends Handlers> {
  readonly #name: string;
  readonly #worker: Worker;
  readonly #exit: Promise<void>;
  readonly #pending: Pending[] = [];
  #failure: Error | undefined;

  /** @param file its compiled code */
  constructor(file: URL, { name, resourceLimits, onPrint = printError }: WorkerSettings) {
    this.#name = name;
    this.#worker = new Worker(file, { ...(resourceLimits && { resourceLimits }), stdout: true });
    this.#worker.stdout.setEncoding('utf8').on('data', onPrint);
    this.#worker.on('message', (message: WorkerMessage) => this.#receive(message));
    this.#worker.on('error', (error: unknown) => {
      this.#fail(`threw outside of any call: ${describeThrown(error)}`);
    });
    this.#exit = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#fail(`ended its thread with exit code ${code}; look for process.exit`);
        resolve();
      });
    });
  }

  /**
   * Sends a request. Requests are answered in order.
   * @param rest the argument, and what is called with each event on the way to the answer
   * @throws what the handler throws, under the same name and with the same plain properties; WorldError where the thread ended
   */
  ask<Name extends keyof Served & string>(
    name: Name,
    ...rest: Arguments<Served[Name]>
  ): Promise<Awaited<ReturnType<Served[Name]>>> {
    const [argument, onEvent] = rest as [unknown, Pending['onEvent']?];
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#pending.push({ resolve, reject, onEvent });
      this.#worker.postMessage({ name, argument } satisfies WorkerRequest);
    });
  }

  /** Ends the thread, once it has answered what it was asked. Closing twice is harmless. */
  async close(): Promise<void> {
    this.#worker.postMessage({ name: null } satisfies WorkerRequest);
    await this.#exit;
  }

  /** Ends the thread at once. Only where it runs no native code: that would take the process with it. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: WorkerMessage): void {
    const request = 'event' in message ? this.#pending[0] : this.#pending.shift();
    if ('event' in message) request?.onEvent?.(message.event as never);
    else if ('answer' in message) request?.resolve(message.answer as never);
    else request?.reject(fromErrorData(message.error));
  }

  #fail(problem: string): void {
    this.#failure ??= new WorldError(`${this.#name} ${problem}`);
    for (const { reject } of this.#pending.splice(0)) reject(this.#failure);
  }
}

const printError = (text: string): void => void process.stderr.write(printableLines(text));

/** Waits until all have settled. @throws what the first of them in order throws */
export async function allSettled<Result>(promises: readonly Promise<Result>[]): Promise<Result[]> {
  const outcomes = await Promise.allSettled(promises);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
