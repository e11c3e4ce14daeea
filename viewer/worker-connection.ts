import type {
  Beginning,
  FirstMessages,
  PageParts,
  Posted,
  ThreadFailure,
  WireMessage,
} from '../src/page/browser/posted.ts';
import type { ClientMessageInput } from '../src/watch/protocol.ts';
import { decodePicture } from '../src/watch/wire-picture.ts';
import { type PageConnection, readText, type ServerCallbacks } from './connection.ts';
import type { PageFiles } from './page-files.ts';
import type { BrowserTraining } from './training/browser-training.ts';

/**
 * The connection to a thread of this very page, which says what a server would. Until that thread is ready, the page is shown what it
 * would say at first.
 */
export class WorkerConnection implements PageConnection {
  readonly #callbacks: ServerCallbacks;
  readonly #files: PageFiles;
  readonly #parts: PageParts;
  #first: FirstMessages | undefined;
  #worker: Worker | undefined;
  readonly #training: BrowserTraining | null;
  #isReady = false;

  /** @param training shows this agent, too */
  constructor(
    parts: PageParts,
    files: PageFiles,
    callbacks: ServerCallbacks,
    training: BrowserTraining | null,
  ) {
    this.#callbacks = callbacks;
    this.#files = files;
    this.#parts = parts;
    this.#training = training;
    this.#begin().catch((error: unknown) => this.#break(error));
  }

  /** Sends a message, unless the thread is not ready; what still matters is sent again after its `hello`. */
  send(message: ClientMessageInput): void {
    if (this.#isReady) this.#post({ text: JSON.stringify(message) });
    else if (message.kind === 'episode') this.#answerAtFirst(message);
  }

  async #begin(): Promise<void> {
    const trained = await this.#training?.trained;
    if (!trained) await this.#showFirst();
    const worker = await this.#files.worker(this.#parts.worker);
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Posted | ThreadFailure>) => this.#receive(data);
    worker.onerror = ({ message }) => this.#break(message);
    const { wasm } = this.#parts;
    const place = { ...(await this.#files.forWorker()), wasm };
    worker.postMessage({ ...place, ...(trained && { trained }) } satisfies Beginning);
    this.#training?.follow((news) => worker.postMessage(news));
  }

  async #showFirst(): Promise<void> {
    this.#first = JSON.parse(await this.#files.text(this.#parts.first)) as FirstMessages;
    for (const message of this.#first.greeting) this.#take(message);
    // What is shown first is drawn before the thread takes a core.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }

  #receive(posted: Posted | ThreadFailure): void {
    // What is kept for later must not hold up what is needed now.
    if (!this.#isReady) this.#files.keep();
    this.#isReady = true;
    if ('broken' in posted) this.#break(posted.broken);
    else if ('ping' in posted) this.#post({ pong: posted.ping });
    else if ('binary' in posted || 'text' in posted) this.#read(posted);
  }

  #post(message: Posted): void {
    this.#worker?.postMessage(message);
  }

  /** Answers with the episode that the page came with, if it is the one. */
  #answerAtFirst(message: Extract<ClientMessageInput, { kind: 'episode' }>): void {
    const { id, number, seed, policy, others, branch, frames } = message;
    if (branch !== undefined || frames !== undefined || Object.keys(others ?? {}).length > 0)
      return;
    if (this.#first?.asked !== JSON.stringify({ number, seed, policy })) return;
    const { episode } = this.#first;
    queueMicrotask(() => {
      for (const message of episode) this.#take(message, id);
    });
  }

  /** @param id of the request that it answers */
  #take(message: WireMessage, id?: number): void {
    if ('binary' in message) {
      this.#read({ binary: Uint8Array.from(atob(message.binary), (char) => char.charCodeAt(0)) });
    } else if (id === undefined) {
      this.#read(message);
    } else {
      this.#read({ text: JSON.stringify({ ...JSON.parse(message.text), id }) });
    }
  }

  #read(message: { readonly text: string } | { readonly binary: Uint8Array }): void {
    try {
      if ('binary' in message) this.#callbacks.onPicture(decodePicture(message.binary));
      else this.#callbacks.onMessage(readText(message.text));
    } catch (error) {
      console.error(error);
      this.#callbacks.onUnreadable();
    }
  }

  #break(error: unknown): void {
    console.error(error);
    const why = error instanceof Error ? error.message : String(error);
    this.#callbacks.onLost(`The agents cannot play in this browser: ${why}.`);
  }
}
