import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { Random } from '../env/index.ts';
import type { ClientMessageInput, ServerMessage } from '../src/watch/protocol.ts';

/** What a page waits for: its greeting, the first step of an episode in every pane, and the step after a person's move. */
export const WAITS = ['connection', 'first step', 'move'] as const;
export type Wait = (typeof WAITS)[number];
/** Milliseconds waited, each time. */
export type Waits = Record<Wait, number[]>;

/** As the page does after its connection is lost. */
const RETRY_AFTER = 250;
const ROUNDS = 4;
const MOVES = 5;
const THINKING = 100;
const PASS = 4;

/**
 * Somebody at a page: connects, watches the beginning of an episode, plays a little, and so on; after a few rounds comes back
 * with a new connection.
 */
export class OrdinaryClient {
  readonly #address: string;
  readonly #waits: Waits;
  readonly #random: Random;
  readonly #going: Promise<void>;
  #socket: WebSocket | undefined;
  #messages: ServerMessage[] = [];
  #look: (() => void) | undefined;
  #isOver = false;

  constructor(address: string, waits: Waits, number: number) {
    this.#address = address;
    this.#waits = waits;
    this.#random = new Random(`client ${number}`);
    this.#going = this.#run();
  }

  /** Ends it. What it still waits for counts as long as it has waited. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#socket?.terminate();
    this.#look?.();
    await this.#going;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      await this.#timed('connection', () => this.#connect());
      for (let round = 0; round < ROUNDS && this.#isOpen; round++) await this.#round(round);
      this.#socket!.terminate();
    }
  }

  get #isOpen(): boolean {
    return !this.#isOver && this.#socket!.readyState === WebSocket.OPEN;
  }

  async #connect(): Promise<void> {
    while (!this.#isOver) {
      this.#messages = [];
      const socket = new WebSocket(this.#address);
      this.#socket = socket;
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (!isBinary) this.#messages.push(JSON.parse(data.toString()) as ServerMessage);
        this.#look?.();
      });
      socket.on('error', () => {});
      socket.on('close', () => this.#look?.());
      await this.#until(() => this.#of('hello').length > 0);
      if (this.#isOpen) return;
      await setTimeout(RETRY_AFTER);
    }
  }

  async #round(round: number): Promise<void> {
    const [watched, played] = [2 * round, 2 * round + 1];
    const number = this.#random.integer(5, 30);
    const seed = this.#random.integer(0, 1_000_000);
    await this.#timed('first step', async () => {
      const plan = { number, seed, policy: 'greedy' as const, horizon: 64 };
      this.#send({ kind: 'episode', id: watched, ...plan, include: ['pathway', 'lstm'] });
      const agents = this.#of('hello')[0]!.agents.length;
      await this.#until(() => {
        const firsts = this.#of('steps').filter(({ id, from }) => id === watched && from === 0);
        return firsts.length === agents;
      });
    });
    await this.#timed('move', async () => {
      this.#send({ kind: 'play', id: played, number, seed });
      await this.#until(() => this.#of('begin').some(({ id }) => id === played));
    });
    for (let step = 0; step < MOVES && this.#isOpen; step++) {
      await setTimeout(THINKING);
      if (this.#of('end').some(({ id }) => id === played)) break;
      await this.#timed('move', async () => {
        this.#send({ kind: 'act', id: played, step, action: PASS });
        const came = ({ id, from }: { id: number; from: number }) => id === played && from === step;
        await this.#until(() => this.#of('steps').some(came));
      });
    }
    this.#send({ kind: 'cancel', id: watched });
    this.#send({ kind: 'cancel', id: played });
  }

  async #timed(what: Wait, action: () => Promise<void>): Promise<void> {
    const begun = performance.now();
    await action();
    this.#waits[what].push(performance.now() - begun);
  }

  #of<Kind extends ServerMessage['kind']>(kind: Kind): Extract<ServerMessage, { kind: Kind }>[] {
    return this.#messages.filter(
      (message): message is Extract<ServerMessage, { kind: Kind }> => message.kind === kind,
    );
  }

  /** Waits until something is so, or the connection or this client is over. */
  async #until(isSo: () => boolean): Promise<void> {
    const isLost = () => this.#isOver || this.#socket!.readyState >= WebSocket.CLOSING;
    while (!isLost() && !isSo()) {
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }

  #send(message: ClientMessageInput): void {
    if (this.#isOpen) this.#socket!.send(JSON.stringify(message));
  }
}
