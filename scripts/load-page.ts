import { WebSocket } from 'ws';
import { Random } from '../env/index.ts';
import type { ClientMessageInput, ServerMessage } from '../src/watch/protocol.ts';

export interface Load {
  /** Steps a second that each page shows, in every pane. */
  readonly rate: number;
  /** Seeds that the pages choose from: few, and they watch the same episodes; many, and each watches its own. */
  readonly seeds: number;
}

export interface Figures {
  /** Milliseconds that each frame came after its moment; 0 for those in time. */
  readonly lateness: number[];
  bytes: number;
  episodes: number;
}

/** Steps that a page asks for ahead of what it shows. */
const AHEAD = 64;

/** A page that shows episodes at a rate, and counts. */
export class LoadPage {
  readonly #socket: WebSocket;
  readonly #load: Load;
  readonly #figures: Figures;
  readonly #random: Random;
  #agents = 0;
  #id = 0;
  #begun = 0;
  #ends = 0;
  #longest = 0;
  #horizon = 0;

  constructor(address: string, load: Load, figures: Figures, number: number) {
    this.#socket = new WebSocket(address);
    this.#load = load;
    this.#figures = figures;
    this.#random = new Random(`page ${number}`);
    this.#socket.on('message', (data: Buffer, isBinary: boolean) => this.#take(data, isBinary));
    this.#socket.on('error', (error) => {
      throw error;
    });
  }

  /** Goes on with what it shows. */
  tick(): void {
    if (this.#id === 0) return;
    const shown = this.#shown();
    if (this.#ends === this.#agents && shown >= this.#longest) this.#next();
    else if (shown + AHEAD / 2 >= this.#horizon) this.#grant(shown);
  }

  close(): void {
    this.#socket.terminate();
  }

  #grant(shown: number): void {
    this.#horizon = Math.min(2_048, Math.floor(shown) + AHEAD);
    this.#send({ kind: 'credit', id: this.#id, horizon: this.#horizon });
  }

  /** The step that is to be on screen now. */
  #shown(): number {
    return ((performance.now() - this.#begun) * this.#load.rate) / 1000;
  }

  #next(): void {
    this.#id += 1;
    this.#begun = performance.now();
    this.#ends = 0;
    this.#longest = 0;
    this.#horizon = AHEAD;
    this.#figures.episodes += 1;
    const seed = this.#random.integer(0, this.#load.seeds - 1);
    const number = this.#random.integer(5, 30);
    const request = { id: this.#id, number, seed, policy: 'greedy' as const, horizon: AHEAD };
    this.#send({ kind: 'episode', ...request, include: ['pathway', 'lstm'] });
  }

  #send(message: ClientMessageInput): void {
    this.#socket.send(JSON.stringify(message));
  }

  #take(data: Buffer, isBinary: boolean): void {
    this.#figures.bytes += data.length;
    if (isBinary) return;
    const message = JSON.parse(data.toString()) as ServerMessage;
    if (message.kind === 'hello') {
      this.#agents = message.agents.length;
      this.#next();
    } else if (message.kind === 'error' && message.code === 'busy') {
      // As the page does, it asks again in a second.
      this.#ends = this.#agents;
      this.#longest = this.#load.rate;
    } else if (message.kind === 'error') {
      throw new Error(message.message);
    } else if (message.kind === 'steps' && message.id === this.#id) {
      const now = performance.now();
      for (let i = 0; i < message.steps.length; i++) {
        const due = this.#begun + ((message.from + i) * 1000) / this.#load.rate;
        this.#figures.lateness.push(Math.max(0, now - due));
      }
    } else if (message.kind === 'end' && message.id === this.#id) {
      this.#ends += 1;
      this.#longest = Math.max(this.#longest, message.steps);
    }
  }
}
