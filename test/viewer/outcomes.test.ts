import { describe, expect, test } from 'vitest';
import type { AgentInfo, RewardRow } from '../../src/watch/protocol.ts';
import {
  firstInexact,
  MARKS,
  mapEpisodes,
  type OutcomeKind,
  outcomeAt,
  outcomeText,
} from '../../viewer/outcomes.ts';
import { BESIDE_CELLS, cellSize } from '../../viewer/panels/cell-size.ts';

test('each character that the server writes is a kind, and what it does not say was not played', () => {
  const kinds = [...'=<>~x.'].map((_, index) => outcomeAt('=<>~x.', index));
  expect(kinds).toEqual(['exact', 'early', 'late', 'wrong', 'never', 'unplayed']);
  expect([outcomeAt('=', 1), outcomeAt(undefined, 0)]).toEqual(['unplayed', 'unplayed']);
});

test('a point leads to the first episode that was not exact, so far as that is known', () => {
  expect(['==.<x', '..x', '===', '', undefined].map(firstInexact)).toEqual([3, 2, 0, 0, 0]);
});

test('kinds are told apart by their marks and their words', () => {
  const kinds = Object.keys(MARKS) as OutcomeKind[];
  const worlds = [{ countsSteps: true }, { countsSteps: false }];
  for (const texts of [
    Object.values(MARKS),
    ...worlds.map((world) => kinds.map((kind) => outcomeText(kind, world))),
  ])
    expect(new Set(texts).size).toBe(kinds.length);
  expect(outcomeText('late', { countsSteps: false, stepsEach: 'pace' })).toBe('late');
  expect(outcomeText('late', { countsSteps: false })).toBe('too many');
});

const row = (number: number, exact: number, episodes: number): RewardRow => ({
  ...{ number, exact, episodes, meanReward: 1, arrived: 1, meanArrival: number },
});
const agents = ['one', 'other'].map((name) => ({ name }) as AgentInfo);

describe('the map', () => {
  test('has the rows of the chart, and as many columns as were played by several', () => {
    const numbers = Array.from({ length: 10 }, (_, i) => i + 5);
    const outcomes = new Map(numbers.map((number) => [number, '=>.']));
    const state = {
      ...{ agents, policy: 'greedy' as const },
      rows: new Map([
        ['0 greedy', numbers.map((number) => row(number, 0.5, 2))],
        ['1 greedy', [row(6, 1, 3)]],
        ['0 sample', [row(99, 1, 3)]],
      ]),
      outcomes: new Map([
        ['0 greedy', outcomes.set(900, '=====')],
        ['1 greedy', new Map([[6, `==${'.'.repeat(20)}=`]])],
      ]),
    };
    const map = mapEpisodes(state);
    expect(map.numbers).toEqual(numbers);
    expect(map.columns).toBe(2);
    expect(map.byAgent[0]!.get(5)).toEqual({ outcomes: '=>.', share: '1 of 2' });
    expect([...map.byAgent[1]!.keys()]).toEqual([6]);
  });

  test('of too many numbers it has those that were played most', () => {
    const rows = Array.from({ length: 400 }, (_, number) => row(number, 1, number % 4 ? 1 : 9));
    const state = { agents, policy: 'greedy' as const, outcomes: new Map() };
    const { numbers } = mapEpisodes({ ...state, rows: new Map([['0 greedy', rows]]) });
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, i) => 4 * i));
  });

  test('is empty where nothing was played', () => {
    const state = { agents, policy: 'greedy' as const, rows: new Map(), outcomes: new Map() };
    expect(mapEpisodes(state)).toMatchObject({ numbers: [], columns: 0 });
  });
});

test('cells are as large as fits, one block beside the other as long as a mouse or a finger meets them', () => {
  const of = (width: number, isCoarse: boolean) =>
    cellSize({ width, blocks: 3, columns: 20, isCoarse });
  expect(of(3 * (BESIDE_CELLS + 20 * 16), false)).toBe(16);
  expect(of(5000, false)).toBe(22);
  // Two beside each other.
  expect(of(2 * (BESIDE_CELLS + 20 * 18), false)).toBe(18);
  expect(of(3 * (BESIDE_CELLS + 20 * 16), true)).toBe(24);
  expect(of(300, true)).toBe(24);
});
