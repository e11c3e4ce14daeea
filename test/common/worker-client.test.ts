import { expect, onTestFinished, test } from 'vitest';
import type { Reply } from '../../src/common/serve-worker.ts';
import { allSettled, WorkerClient } from '../../src/common/worker-client.ts';

/** What worker.js serves. */
interface TestHandlers extends Record<string, (argument: never, reply: Reply<never>) => unknown> {
  add(terms: { a: number; b: number }): number;
  order(): unknown[];
  slowly(milliseconds: number): Promise<void>;
  count(to: number, reply: Reply<number>): string;
  memory(size: number): Uint8Array;
  fail(properties: object): never;
  exit(code: number): void;
  throwLater(): void;
  stayAwake(): void;
}

function client() {
  const worker = new WorkerClient<TestHandlers>(new URL('./worker.js', import.meta.url), {
    name: 'Test-v0',
  });
  onTestFinished(() => worker.close());
  return worker;
}

test('answers requests in order, however long each takes', async () => {
  const worker = client();
  const slow = [worker.ask('slowly', 30), worker.ask('slowly', 10), worker.ask('slowly', 0)];
  expect(await worker.ask('order')).toEqual([30, 10, 0]);
  await Promise.all(slow);
  expect(await worker.ask('add', { a: 1, b: 2 })).toBe(3);
});

test('reports progress before the answer, to whoever asked', async () => {
  const worker = client();
  const [first, second]: [number[], number[]] = [[], []];
  const answers = [
    worker.ask('count', 3, (i) => void first.push(i)),
    worker.ask('count', 2, (i) => void second.push(i)),
  ];
  expect(await Promise.all(answers)).toEqual(['counted', 'counted']);
  expect([first, second]).toEqual([
    [0, 1, 2],
    [0, 1],
  ]);
});

test('moves what the answer hands over', async () => {
  expect(await client().ask('memory', 4)).toEqual(Uint8Array.of(7, 7, 7, 7));
});

test('an error keeps its name and its codes, and the thread answers the next request', async () => {
  const worker = client();
  const properties = { name: 'Refusal', code: 'busy', exitCode: 2 };
  await expect(worker.ask('fail', properties)).rejects.toMatchObject({
    ...{ ...properties, message: 'it failed' },
    stack: expect.stringContaining('worker.js'),
  });
  const refused = worker.ask('fail', { name: 'UsageError' });
  const both = allSettled([worker.ask('add', { a: 1, b: 1 }), refused]);
  await expect(both).rejects.toMatchObject({ name: 'UsageError' });
});

test.each([
  ['exit', 7, 'Test-v0 ended its thread with exit code 7; look for process.exit'],
  ['throwLater', undefined, 'Test-v0 threw outside of any call: too late'],
] as const)('%s ends every request with a sentence', async (name, argument, message) => {
  const worker = client();
  const outcomes = [worker.ask(name as 'exit', argument as number), worker.ask('slowly', 1e6)];
  const [, pending] = await Promise.allSettled(outcomes);
  expect(pending).toMatchObject({ reason: { name: 'WorldError', message } });
  await expect(worker.ask('order')).rejects.toMatchObject({ name: 'WorldError', message });
});

test('closes after the request that is being worked on, even where the thread would stay alive', async () => {
  const worker = client();
  await worker.ask('stayAwake');
  const slow = worker.ask('slowly', 20);
  await worker.close();
  expect(await slow).toBeUndefined();
  await worker.close();
});
