import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EpisodeEnd } from '../../src/play/episodes.ts';
import { ChartRows } from '../../src/watch/chart-rows.ts';
import type { EpisodeSource } from '../../src/watch/episode-source.ts';
import { NewsSender } from '../../src/watch/news-sender.ts';
import { OutcomeRows, outcomeOf } from '../../src/watch/outcome-rows.ts';
import type { PacedSocket } from '../../src/watch/paced-socket.ts';
import {
  type EpisodeOutcome,
  MOST_OUTCOME_NUMBERS,
  MOST_OUTCOMES,
  OUTCOMES,
  type ServerMessage,
  serverMessageSchema,
} from '../../src/watch/protocol.ts';
import { pageOf, request, watchedPair } from './watching.ts';

const end = (arrived: boolean, exact: boolean, error?: number): EpisodeEnd => ({
  ...{ steps: 9, how: 'terminated', return: 1, arrived, exact },
  metrics: error === undefined ? {} : { error },
});

test.each<[EpisodeOutcome, EpisodeEnd]>([
  ['=', end(true, true, 0)],
  ['<', end(true, false, -2)],
  ['>', end(true, false, 1)],
  ['~', end(true, false, 0)],
  ['x', end(false, false)],
])('%s is what is told of an episode', (outcome, ended) => {
  expect(outcomeOf(ended)).toBe(outcome);
});

test('rows hold the first episodes of each number, and of so many numbers', () => {
  const rows = new OutcomeRows();
  rows.add(7, 2, '=');
  rows.add(7, 0, 'x');
  rows.add(7, MOST_OUTCOMES - 1, '<');
  rows.add(7, MOST_OUTCOMES, '>');
  const [row] = rows.since(0).rows;
  expect(row).toEqual({ number: 7, outcomes: `x.=${'.'.repeat(MOST_OUTCOMES - 4)}<` });
  for (let number = 8; number < 2 * MOST_OUTCOME_NUMBERS; number++) rows.add(number, 0, '=');
  rows.add(7, 1, '~');
  const told = new Map<number, string>();
  for (let change = 0; rows.isMore(change); ) {
    const more = rows.since(change);
    for (const { number, outcomes } of more.rows) told.set(number, outcomes);
    change = more.change;
  }
  expect(told.size).toBe(MOST_OUTCOME_NUMBERS);
  expect(told.get(7)).toMatch(/^x~=/);
});

const added = fc.tuple(fc.nat(300), fc.nat(MOST_OUTCOMES - 1), fc.constantFrom(...OUTCOMES));

test('a page that is told what has changed, whenever it can be, knows it all', () => {
  fc.assert(
    fc.property(fc.array(fc.array(added), { maxLength: 6 }), (bursts) => {
      const [rows, page] = [new OutcomeRows(), new Map<number, string>()];
      let known = 0;
      const take = () => {
        const { rows: some, change } = rows.since(known);
        for (const { number, outcomes } of some) page.set(number, outcomes);
        known = change;
      };
      for (const burst of bursts) {
        for (const [number, index, outcome] of burst) rows.add(number, index, outcome);
        take();
      }
      while (rows.isMore(known)) take();
      const whole = bursts.flat().reduce((all, [number, index, outcome]) => {
        const row = [...(all.get(number) ?? '')];
        while (row.length <= index) row.push('.');
        row[index] = outcome;
        return all.set(number, row.join(''));
      }, new Map<number, string>());
      expect(page).toEqual(whole);
    }),
  );
});

test('news tell each page what it lacks, and of another checkpoint everything again', () => {
  let scores = new ChartRows();
  const source = {
    ...{ agents: [{}], curve: () => null },
    rows: (_: number, policy: 'greedy' | 'sample') => scores.rows(policy),
    outcomes: (_: number, policy: 'greedy' | 'sample') => scores.outcomes(policy),
  } as unknown as EpisodeSource;
  const news = new NewsSender(source);
  const told = () => {
    const messages: ServerMessage[] = [];
    const socket = {
      sendText: (text: string) => messages.push(serverMessageSchema.parse(JSON.parse(text))),
    } as unknown as PacedSocket;
    news.note([{ rows: 0 }]);
    // Each kind of news is one thing to send, as long as it fits into a message.
    let things = 0;
    while (news.sendSome(socket)) things += 1;
    expect(things).toBeLessThanOrEqual(3);
    const of = (kind: 'rows' | 'outcomes') =>
      messages.flatMap((message) =>
        message.kind === kind ? [{ ...message, kind: undefined, agent: undefined }] : [],
      );
    // What is told of rows and of outcomes is about the same numbers.
    const numbers = (kind: 'rows' | 'outcomes') =>
      of(kind).map(({ rows, ...which }) => ({ ...which, numbers: rows.map((row) => row.number) }));
    expect(numbers('rows')).toEqual(numbers('outcomes'));
    return of('outcomes');
  };
  const play = (number: number, seed: number, policy: 'greedy' | 'sample', ended: EpisodeEnd) =>
    scores.add({ number, seed, policy }, number, ended);
  expect(told()).toEqual([]);
  play(5, 1, 'greedy', end(true, true, 0));
  play(6, 0, 'greedy', end(false, false));
  play(5, 0, 'sample', end(true, false, 3));
  expect(told()).toEqual([
    {
      ...{ policy: 'greedy', replaces: false },
      rows: [
        { number: 5, outcomes: '.=' },
        { number: 6, outcomes: 'x' },
      ],
    },
    { policy: 'sample', replaces: false, rows: [{ number: 5, outcomes: '>' }] },
  ]);
  expect(told()).toEqual([]);
  play(6, 1, 'greedy', end(true, false, -1));
  play(6, 1, 'greedy', end(true, true, 0)); // counted once
  expect(told()).toEqual([
    { policy: 'greedy', replaces: false, rows: [{ number: 6, outcomes: 'x<' }] },
  ]);
  scores = new ChartRows();
  expect(told()).toEqual([
    { policy: 'greedy', replaces: true, rows: [] },
    { policy: 'sample', replaces: true, rows: [] },
  ]);
  play(5, 0, 'greedy', end(true, true, 0));
  expect(told()).toEqual([
    { policy: 'greedy', replaces: false, rows: [{ number: 5, outcomes: '=' }] },
  ]);
});

test('a page is told how each episode went, also those from before it came', async () => {
  const { page, server } = await watchedPair();
  page.send(request({ number: 7, seed: 2 }));
  const ends = await page.ends(1, 2);
  const later = await pageOf(server);
  for (const { agent, metrics } of ends) {
    const expected = metrics.arrived ? /^\.\.[=<>]$/ : /^\.\.x$/;
    for (const one of [page, later]) {
      const told = await one.until(() => one.of('outcomes').find((some) => some.agent === agent));
      expect(told).toMatchObject({ policy: 'greedy', replaces: false });
      expect(told.rows).toEqual([{ number: 7, outcomes: expect.stringMatching(expected) }]);
    }
  }
});
