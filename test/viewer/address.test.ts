import { expect, test } from 'vitest';
import { readAddress, writeAddress } from '../../viewer/address.ts';
import { HistoryEntries } from '../../viewer/history-entries.ts';
import { INITIAL } from '../../viewer/state.ts';

const ALLOWED = {
  ...{ number: [1, 2_000] as const, others: ['first', 'a:b'] },
  ...{ mostOther: 2_000, mostSteps: 5_000, trained: [0, 160_000] },
};
const NOTHING = {
  ...{ runs: null, number: null, others: {}, seed: null, policy: null, step: null, branch: null },
  trained: null,
};

test('an address leads back to its moment', () => {
  const moment = {
    ...INITIAL,
    number: 30,
    others: { first: 9, 'a:b': 2 },
    seed: 4,
    policy: 'sample',
    trained: 160_000,
    moment: 7,
    playing: false,
  } as const;
  const address = writeAddress({ ...moment, branching: 5, branchNumber: 40 });
  expect(readAddress(address, ALLOWED)).toEqual({
    ...{ runs: '', number: 30, others: moment.others, seed: 4, policy: 'sample', step: 7 },
    ...{ trained: 160_000, branch: { at: 5, number: 40 }, problems: [] },
  });
  const played = writeAddress({ ...moment, playing: true });
  expect(readAddress(played, ALLOWED)).toMatchObject({ step: null, problems: [] });
  expect(readAddress('', ALLOWED)).toEqual({ ...NOTHING, problems: [] });
});

test.each([
  ['?t=0', { number: 1 }, 't must be a whole number from 1 to 2,000, not “0”'],
  ['?t=-3', { number: 1 }, 't must be a whole number from 1 to 2,000, not “-3”'],
  ['?t=5000000', { number: 2_000 }, 't must be a whole number from 1 to 2,000, not “5000000”'],
  ['?t=abc', {}, 't must be a whole number from 1 to 2,000, not “abc”'],
  ['?t=', {}, 't must be a whole number from 1 to 2,000, not “”'],
  ['?trained=7', {}, 'no agent was kept after “7” frames of training'],
  ['?episode=x', {}, 'episode must be a whole number from 0 to 1,000,000,000, not “x”'],
  ['?policy=best', {}, 'policy must be greedy or sample, not “best”'],
  ['?step=1e9', {}, 'step must be a whole number from 0 to 5,000, not “1e9”'],
  ['?step=9999', { step: 5_000 }, 'step must be a whole number from 0 to 5,000, not “9999”'],
  ['?then=4', {}, 'branch and then need each other'],
  ['?others=first:3,second:4', { others: { first: 3 } }, 'no other number is called “second”'],
  [
    '?others=first:-1',
    { others: { first: 0 } },
    'first must be a whole number from 0 to 2,000, not “-1”',
  ],
  ['?epsiode=3', {}, 'nothing is called “epsiode”'],
  [
    `?t=${'9'.repeat(30)}`,
    { number: 2_000 },
    `t must be a whole number from 1 to 2,000, not “${'9'.repeat(24)}…”`,
  ],
])('the junk in %s is corrected, and said', (search, corrected, problem) => {
  const read = readAddress(search, ALLOWED);
  expect(read).toEqual({ ...NOTHING, ...corrected, problems: [problem] });
});

test('an address that names a number is corrected in a world that tells none', () => {
  const read = readAddress('?t=9&episode=2', { ...ALLOWED, number: null });
  const problems = ['t means nothing in a world that tells no number'];
  expect(read).toEqual({ ...NOTHING, seed: 2, problems });
});

test('Back leads to each choice of a person, to the last of several in a row, and not to what played by itself', () => {
  const entries = new HistoryEntries();
  const shown = { number: 16, others: {}, seed: 0, policy: 'greedy', byPlayback: false } as const;
  const enter = (changes: Partial<typeof INITIAL>, now: number) =>
    entries.enter({ ...shown, ...changes }, now);
  expect(enter({}, 0)).toBe(false);
  expect(enter({ number: 17 }, 5_000)).toBe(true);
  expect(enter({ number: 18 }, 5_200)).toBe(false);
  expect(enter({ number: 19 }, 6_100)).toBe(false);
  expect(enter({ number: 19 }, 20_000)).toBe(false);
  expect(enter({ number: 19, seed: 1 }, 20_001)).toBe(true);
  expect(enter({ number: 19, seed: 2, byPlayback: true }, 30_000)).toBe(false);
  expect(enter({ number: 19, seed: 2, policy: 'sample' }, 40_000)).toBe(true);
  entries.leave();
  expect(enter({ number: 19, seed: 1 }, 50_000)).toBe(false);
});
