import { describe, expect, test } from 'vitest';
import { make, OptionError, TwoTimes } from '../../../env/index.ts';

const [UP, DOWN, LEFT, RIGHT, PASS] = [0, 1, 2, 3, 4] as const;

interface State {
  readonly targets: readonly [number, number];
  readonly agent: number;
  readonly times: readonly [number, number];
}
const stateOf = (world: TwoTimes): State => world.state() as unknown as State;

/** Agent, first target and second target side by side in the upper row. */
function inRow(times: readonly [number, number], limit = 27): TwoTimes {
  const world = new TwoTimes();
  world.reset({ seed: 1 });
  const state = { ...(world.state() as object), clock: 0, reached: 0, limit, times };
  world.restore({ ...state, agent: 0, targets: [1, 2] } as never);
  return world;
}

/** Goes towards a cell, rows first, and waits there before it until the step `arrival`. */
function arrive(world: TwoTimes, cell: number, from: number, arrival: number) {
  const { size } = world.options;
  const { agent } = stateOf(world);
  const rows = Math.floor(cell / size) - Math.floor(agent / size);
  const columns = (cell % size) - (agent % size);
  const moves: number[] = [
    ...Array(Math.abs(rows)).fill(rows < 0 ? UP : DOWN),
    ...Array(Math.abs(columns)).fill(columns < 0 ? LEFT : RIGHT),
  ];
  const waits: number[] = Array(arrival - from - moves.length).fill(PASS);
  return [...waits, ...moves].map((action) => world.step(action));
}

describe('every episode can be done exactly', () => {
  test.each([
    ['as drawn', undefined],
    ['far beyond', { second: 60 }],
    ['both fixed', { first: 20, second: 30 }],
  ] as const)('%s', (_, options) => {
    const world = new TwoTimes();
    for (let seed = 0; seed < 200; seed++) {
      world.reset({ seed, ...(options && { options }) });
      const { targets, times } = stateOf(world);
      const results = [
        ...arrive(world, targets[0], 0, times[0]),
        ...arrive(world, targets[1], times[0], times[1]),
      ];
      expect(results.reduce((sum, { reward }) => sum + reward, 0)).toBe(world.number.maxReward);
      expect(results.at(-1)).toMatchObject({ terminated: true, truncated: false });
      const metrics = { exact: 1, arrived: 1, firstExact: 1, error: 0 };
      expect(results.at(-1)!.info.metrics).toEqual(metrics);
    }
  });
});

describe('rewards', () => {
  test.each([
    [[1, 2], 10, 10, { exact: 1, firstExact: 1, error: 0 }],
    [[2, 3], 9, 9, { exact: 0, firstExact: 0, error: -1 }],
    [[1, 9], 10, 3, { exact: 0, firstExact: 1, error: -7 }],
    [[8, 9], 3, 3, { exact: 0, firstExact: 0, error: -7 }],
  ] as const)('told %j, at 1 and 2', (times, first, second, metrics) => {
    const world = inRow(times);
    expect(world.step(RIGHT)).toMatchObject({ reward: first, terminated: false });
    const last = world.step(RIGHT);
    expect(last).toMatchObject({ reward: second, terminated: true });
    expect(last.info.metrics).toEqual({ arrived: 1, ...metrics });
    expect(() => world.step(PASS)).toThrow('the episode is over');
  });

  test('the first target pays once, and is then gone', () => {
    const world = inRow([1, 9]);
    const before = world.restore(world.state()).pixels;
    expect(world.step(RIGHT).reward).toBe(10);
    world.step(LEFT);
    const { observation, reward } = world.step(RIGHT);
    expect(reward).toBe(0);
    const isRed = (_: number, at: number, all: Uint8Array) =>
      at % 3 === 0 && all[at] === 255 && all[at + 1] === 0;
    expect(before.some(isRed)).toBe(true);
    expect(observation.pixels.some(isRed)).toBe(false);
  });

  test('the second target is ground before the first one', () => {
    const world = inRow([4, 9]);
    for (const action of [DOWN, RIGHT, RIGHT, UP]) {
      expect(world.step(action)).toMatchObject({ reward: 0, terminated: false });
    }
    expect(stateOf(world).agent).toBe(2);
  });

  test('not in time', () => {
    const world = inRow([1, 3], 2);
    world.step(RIGHT);
    const last = world.step(PASS);
    expect(last).toMatchObject({ reward: 0, terminated: false, truncated: true });
    expect(last.info.metrics).toEqual({ exact: 0, arrived: 0, firstExact: 1 });
    const never = inRow([1, 3], 1).step(PASS);
    expect(never.info.metrics).toEqual({ exact: 0, arrived: 0, firstExact: 0 });
  });
});

describe('beginnings', () => {
  test('three different cells, and both times from their ranges', () => {
    const world = new TwoTimes();
    world.reset({ seed: 1 });
    const told = [new Set<number>(), new Set<number>()];
    for (let episode = 0; episode < 2000; episode++) {
      const { instruction } = world.reset().observation;
      const { targets, agent } = stateOf(world);
      expect(new Set([agent, ...targets]).size).toBe(3);
      told.forEach((seen, i) => {
        seen.add(instruction[i]!);
      });
    }
    const ascending = told.map((seen) => [...seen].sort((a, b) => a - b));
    expect(ascending).toEqual([
      [4, 5, 6, 7],
      [11, 12, 13, 14, 15],
    ]);
  });

  test('the number that is varied changes nothing else, and stays above the first time', () => {
    const first = [2, 11, 40].map((second) => {
      const world = new TwoTimes();
      const { instruction } = world.reset({ seed: 5, options: { second } }).observation;
      expect(instruction[world.number.place!]).toBe(second);
      return [instruction[0], stateOf(world).targets, stateOf(world).agent];
    });
    expect(first[1]).toEqual(first[2]);
    expect(first[0]).toEqual([1, ...first[1]!.slice(1)]);
  });
});

describe('refused', () => {
  test.each([
    [{ firstMin: 8 }, 'firstMin (8) must be at most firstMax (7)'],
    [{ secondMin: 16 }, 'secondMin (16) must be at most secondMax (15)'],
    [{ firstMax: 11 }, 'firstMax (11) must be below secondMin (11)'],
    [{ pixels: 2 }, 'pixels (2) must be at least size (3)'],
    [{ thirdMin: 3 }, 'has no option "thirdMin"'],
  ])('%j', (options, message) => {
    expect(() => make('TwoTimes-v0', options)).toThrow(OptionError);
    expect(() => make('TwoTimes-v0', options)).toThrow(message);
  });

  test('times, or a state, that cannot be', () => {
    const world = inRow([4, 9]);
    const before = world.state() as object;
    for (const [options, message] of [
      [{ second: 1 }, 'option "second"'],
      [{ first: 9, second: 9 }, 'first (9) must be below second (9)'],
    ] as const) {
      expect(() => world.reset({ options })).toThrow(message);
    }
    for (const change of [{ agent: 9 }, { targets: [0, 9] }, { times: [0, 5] }]) {
      expect(() => world.restore({ ...before, ...change } as never)).toThrow('not a state');
    }
    expect(world.state()).toEqual(before);
  });
});
