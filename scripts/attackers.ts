/** Clients that ask a watch server for all that they can. Run by `npm run load-test`, in a process of their own. */

import { WebSocket } from 'ws';
import type { ClientMessageInput, ServerMessage } from '../src/watch/protocol.ts';

/** Begins an attack, which lasts until its process ends. @param address the server's socket */
type Attack = (address: string) => void;

const PASS = 4;
const RECONNECT_AFTER = 100;

/** A connection that is opened again whenever it is lost. @param begin is called once it is open */
function persistent(address: string, begin: (socket: WebSocket) => void): void {
  const socket = new WebSocket(address);
  socket.on('open', () => begin(socket));
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(() => persistent(address, begin), RECONNECT_AFTER));
}

const send = (socket: WebSocket, message: ClientMessageInput): void =>
  socket.send(JSON.stringify(message));

let nextSeed = 0;
const newSeed = (): number => nextSeed++;

const onMessage = (socket: WebSocket, take: (message: ServerMessage) => void): void =>
  void socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (!isBinary) take(JSON.parse(data.toString()) as ServerMessage);
  });

/** Asks for four episodes at a time, each new, and gives each up as soon as it has begun. */
function newSeeds(address: string): void {
  const open = (socket: WebSocket): void => {
    const ask = (id: number): void => {
      const plan = { number: 30, seed: newSeed(), policy: 'sample' as const };
      send(socket, { kind: 'episode', id, ...plan, horizon: 2048 });
    };
    onMessage(socket, (message) => {
      if (message.kind !== 'begin' && message.kind !== 'error') return;
      if (message.kind === 'begin' && message.agent !== 0) return;
      if (message.kind === 'begin') send(socket, { kind: 'cancel', id: message.id });
      ask(message.id!);
    });
    for (let id = 0; id < 4; id++) ask(id);
  };
  for (let client = 0; client < 2; client++) persistent(address, open);
}

/** Waits for as long as an episode may take. */
const LONG_WAIT: number[] = Array(16_000).fill(PASS);

/** Plays 16,000 actions at once, a hundred times, and again. */
function longPlays(address: string): void {
  persistent(address, (socket) => {
    let id = 0;
    const burst = (): void => {
      for (let i = 0; i < 100; i++) {
        send(socket, {
          kind: 'play',
          id: ++id,
          number: 16_000,
          seed: newSeed(),
          actions: LONG_WAIT,
        });
      }
    };
    onMessage(socket, (message) => {
      const isLast = 'id' in message && message.id === id;
      if (isLast && (message.kind === 'begin' || message.kind === 'error')) burst();
    });
    burst();
  });
}

/** A hundred sockets that send as much as is taken, and read nothing. */
function deaf(address: string): void {
  const open = (socket: WebSocket): void => {
    socket.pause();
    const more = (): void => {
      if (socket.readyState !== WebSocket.OPEN) return;
      for (let i = 0; i < 50 && socket.bufferedAmount < 64 * 1024; i++) {
        send(socket, { kind: 'cancel', id: 7 });
        const plan = { number: 500, seed: newSeed(), policy: 'sample' as const };
        send(socket, { kind: 'episode', id: i % 4, ...plan, horizon: 2048, include: ['lstm'] });
      }
      setTimeout(more, 20);
    };
    more();
  };
  for (let client = 0; client < 100; client++) persistent(address, open);
}

/** As many sockets as a server takes, which do nothing, and come back when they are turned away. */
function idle(address: string): void {
  for (let client = 0; client < 256; client++) persistent(address, () => {});
}

/** Messages that mean nothing, as fast as they are taken. */
function nonsense(address: string): void {
  const text = JSON.stringify({ kind: 'episod', id: 1, filling: 'x'.repeat(4_000) });
  const open = (socket: WebSocket): void => {
    const more = (): void => {
      if (socket.readyState !== WebSocket.OPEN) return;
      while (socket.bufferedAmount < 256 * 1024) socket.send(text);
      setTimeout(more, 5);
    };
    more();
  };
  for (let client = 0; client < 20; client++) persistent(address, open);
}

/** Episodes that branch at their end, so that all of each has to be played before anything can be sent. */
function branches(address: string): void {
  const open = (socket: WebSocket): void => {
    const ask = (id: number): void => {
      const plan = { number: 16_000, seed: newSeed(), policy: 'sample' as const };
      const branch = { at: 15_900, number: 15_999 };
      send(socket, { kind: 'episode', id, ...plan, branch, horizon: 16_384 });
    };
    onMessage(socket, (message) => {
      if (message.kind === 'end' || message.kind === 'error') ask(message.id!);
    });
    for (let id = 0; id < 4; id++) ask(id);
  };
  for (let client = 0; client < 5; client++) persistent(address, open);
}

/** Connects, waits for the greeting and leaves, again and again. */
function comingAndGoing(address: string): void {
  const visit = (): void => {
    const socket = new WebSocket(address);
    socket.on('error', () => {});
    socket.on('message', () => socket.terminate());
    socket.on('close', () => setTimeout(visit, 1));
  };
  for (let client = 0; client < 20; client++) visit();
}

export const attacks: Readonly<Record<string, Attack>> = {
  /** To compare with. */
  'no attack'() {},
  ...{ 'new seeds': newSeeds, 'long plays': longPlays, deaf, idle },
  ...{ nonsense, branches, 'coming and going': comingAndGoing },
};

if (process.argv[1] === import.meta.filename) {
  const [name, address] = process.argv.slice(2);
  attacks[name!]!(address!);
  process.once('disconnect', () => process.exit());
}
