import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { PacedSocket } from '../../src/watch/paced-socket.ts';

/** A connection of which the test decides what arrives. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  isPaused = false;
  readonly pings: Buffer[] = [];
  bytes = 0;
  closed: number | undefined;

  send(data: string | Uint8Array): void {
    this.bytes += data.length;
  }

  ping(text: string): void {
    this.pings.push(Buffer.from(text));
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  close(code: number): void {
    this.closed = code;
    this.readyState = 2;
  }
}

function paced() {
  const fake = new FakeSocket();
  const socket = new PacedSocket(fake as unknown as WebSocket, () => {});
  const answer = (ping: number) => fake.emit('pong', fake.pings[ping]);
  const receive = (count: number, bytes = 1) => {
    for (let i = 0; i < count; i++) fake.emit('message', Buffer.alloc(bytes), false);
  };
  return { fake, socket, answer, receive };
}

/** Sends as long as there is room. @returns bytes sent */
function fill({ socket, fake }: ReturnType<typeof paced>): number {
  const before = fake.bytes;
  while (socket.hasRoom) socket.sendText('x'.repeat(10_000));
  return fake.bytes - before;
}

test('nothing but a greeting is sent before the page has answered a ping', () => {
  const { socket, answer } = paced();
  expect(socket.hasRoom).toBe(false);
  socket.sendText('hello');
  expect(socket.hasRoom).toBe(false);
  answer(0);
  expect(socket.hasRoom).toBe(true);
});

test('a page is sent a quarter of a megabyte more than it has read', () => {
  const one = paced();
  one.socket.sendText('hello');
  one.answer(0);
  const first = fill(one);
  expect(first).toBeGreaterThan(250_000);
  expect(first).toBeLessThan(280_000);
  one.answer(one.fake.pings.length - 1);
  expect(one.socket.hasRoom).toBe(true);
  // An answer that nobody has read a question for, or an old one, is worth nothing.
  fill(one);
  one.fake.emit('pong', Buffer.from('0123456789abcdef'));
  one.answer(0);
  expect(one.socket.hasRoom).toBe(false);
});

test('a page whose messages wait is not listened to until they are followed', () => {
  const { fake, socket, answer, receive } = paced();
  socket.sendText('hello');
  answer(0);
  receive(17);
  expect([fake.isPaused, socket.isKeptWaiting]).toEqual([true, true]);
  socket.next();
  expect(fake.isPaused).toBe(false);
  receive(2, 20_000);
  expect(fake.isPaused).toBe(true);
});

test('a page that has read nothing is not listened to for long', () => {
  const { fake, socket, receive } = paced();
  socket.sendText('hello');
  receive(17);
  expect([fake.isPaused, socket.isKeptWaiting]).toEqual([true, false]);
});

test('a page that is behind is listened to, since its answer may come later, up to a limit', () => {
  const one = paced();
  one.socket.sendText('hello');
  one.answer(0);
  fill(one);
  one.receive(1_000);
  expect([one.fake.isPaused, one.fake.closed]).toEqual([false, undefined]);
  one.receive(1);
  expect(one.fake.closed).toBe(1008);
  expect(one.socket.waiting).toBe(1_000);
});

test('pings wait for their turn as messages do', () => {
  const { fake, socket } = paced();
  fake.emit('ping', Buffer.from('?'));
  expect(socket.next()).toEqual({ kind: 'ping', data: Buffer.from('?') });
});
