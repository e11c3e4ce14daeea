import { expect, test } from 'vitest';
import type { RewardRow } from '../../src/watch/protocol.ts';
import { firstNumber, isCharted } from '../../viewer/opening-number.ts';
import { INITIAL, rowsKey, type State } from '../../viewer/state.ts';
import { NUMBER } from './tracks.ts';

/** The state in which agents have these mean rewards by number. */
function stateOf(rewards: readonly Record<number, number>[], episodes = 20): State {
  const rows = rewards.map((byNumber, agent) => {
    const all = Object.entries(byNumber).map(
      ([number, meanReward]): RewardRow => ({
        ...{ number: Number(number), episodes, meanReward },
        ...{ exact: meanReward === 10 ? 1 : 0, arrived: 1, meanArrival: 1 },
      }),
    );
    return [rowsKey(agent, 'greedy'), all] as const;
  });
  const agents = rewards.map(() => ({})) as unknown as State['agents'];
  const world = { number: NUMBER } as unknown as State['world'];
  return { ...INITIAL, world, agents, rows: new Map(rows) };
}

/** Those of the agents that ship. */
const SHIPPED = [
  { 12: 10, 13: 9.85, 14: 9.15, 15: 8.6, 16: 7.55, 17: 5.8, 20: 0, 30: 0 },
  { 12: 10, 13: 9.95, 14: 9.85, 15: 9, 16: 8.95, 17: 8.75, 20: 7, 30: 2 },
  { 12: 10, 13: 10, 14: 10, 15: 10, 16: 10, 17: 10, 20: 10, 30: 10 },
];

test('the page opens at the first number beyond training that tells all agents apart', () => {
  expect(firstNumber(stateOf(SHIPPED))).toBe(16);
  expect(firstNumber(stateOf(SHIPPED.slice(2)))).toBe(16);
  expect(firstNumber(stateOf(SHIPPED.slice(0, 1)))).toBe(14);
  expect(firstNumber({ ...stateOf(SHIPPED), world: null })).toBeNull();
});

test('nothing known yet, few episodes and numbers that others asked for change nothing', () => {
  expect(firstNumber(stateOf(SHIPPED.map(() => ({}))))).toBe(16);
  expect(firstNumber(stateOf([{ 13: 0 }, { 13: 10 }], 9))).toBe(16);
  const visited = SHIPPED.map((rewards, agent) => ({ ...rewards, 1000: 5 * agent }));
  expect(firstNumber(stateOf(visited))).toBe(16);
  const far = SHIPPED.map((_, agent) => ({ 31: 5 * agent }));
  expect(firstNumber(stateOf(far))).toBe(16);
});

test('a page charts what the server plays by itself and what the page has shown, not what others asked for', () => {
  const charted = [12, 30, 31, 500, 1000].filter((number) =>
    isCharted(number, [5, 12], new Set([500])),
  );
  expect(charted).toEqual([12, 30, 500]);
});
