import { expect, test } from 'vitest';
import { PortWire } from '../../src/page/browser/port-wire.ts';
import type { Posted } from '../../src/page/browser/posted.ts';

function wired() {
  const posted: Posted[] = [];
  const heard: string[] = [];
  const wire = new PortWire((message) => posted.push(message));
  const text = (data: Uint8Array): string => new TextDecoder().decode(data);
  wire.on('message', (data, isBinary) => heard.push(isBinary ? `${data}` : text(data)));
  wire.on('pong', (data) => heard.push(`pong ${text(data)}`));
  wire.on('ping', (data) => heard.push(`ping ${text(data)}`));
  return { wire, posted, heard };
}

test('what one end says is what the other hears', () => {
  const { wire, posted, heard } = wired();
  wire.send('a');
  wire.send(Uint8Array.of(1, 2));
  wire.ping('b');
  wire.pong(new TextEncoder().encode('c'));
  expect(posted).toEqual([
    { text: 'a' },
    { binary: Uint8Array.of(1, 2) },
    { ping: 'b' },
    { pong: 'c' },
  ]);
  for (const message of posted) wire.receive(message);
  expect(heard).toEqual(['a', '1,2', 'ping b', 'pong c']);
});

test('while it is paused messages wait in order, but not answers to pings', () => {
  const { wire, heard } = wired();
  wire.pause();
  wire.receive({ text: 'a' });
  wire.receive({ pong: 'b' });
  wire.receive({ text: 'c' });
  expect(heard).toEqual(['pong b']);
  wire.on('message', () => wire.pause());
  wire.resume();
  expect(heard).toEqual(['pong b', 'a']);
  wire.resume();
  expect(heard).toEqual(['pong b', 'a', 'c']);
});

test('once it is closed nothing comes through', () => {
  const { wire, heard } = wired();
  wire.close();
  wire.receive({ text: 'a' });
  wire.receive({ pong: 'b' });
  expect(heard).toEqual([]);
});
