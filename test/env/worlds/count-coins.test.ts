import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CountCoins, type CountCoinsInput, make, OptionError } from '../../../env/index.ts';

const [UP, DOWN, LEFT, RIGHT, PASS] = [0, 1, 2, 3, 4] as const;

interface State {
  readonly coins: readonly number[];
  readonly exit: number;
  readonly agent: number;
  readonly asked: number;
  readonly collected: number;
}
const stateOf = (world: CountCoins): State => world.state() as unknown as State;

/** A world of 4 × 4 whose agent goes right along the upper row: coins, then the exit. */
function row(asked: number, coins: readonly number[], exit = 3, options: CountCoinsInput = {}) {
  const world = new CountCoins({ size: 4, coins: 2, ...options });
  world.reset({ seed: 1 });
  const start = { ...(world.state() as object), clock: 0, collected: 0, limit: 52 };
  world.restore({ ...start, asked, coins, exit, agent: 0 } as never);
  return world;
}

/** The actions that lead to one of `goals` by the shortest way, nothing of `avoided` on it; none where there is no such way. */
function way(size: number, from: number, goals: readonly number[], avoided: readonly number[]) {
  const ways = new Map<number, number[]>([[from, []]]);
  for (const [cell, actions] of ways) {
    if (goals.includes(cell)) return actions;
    const [x, y] = [cell % size, Math.floor(cell / size)];
    const next: [number, boolean][] = [
      [cell - size, y > 0],
      [cell + size, y < size - 1],
      [cell - 1, x > 0],
      [cell + 1, x < size - 1],
    ];
    next.forEach(([to, inside], action) => {
      if (inside && !ways.has(to) && (goals.includes(to) || !avoided.includes(to))) {
        ways.set(to, [...actions, action]);
      }
    });
  }
  return undefined;
}

/** Collects exactly as many coins as asked for, the nearest first, and leaves. */
function solve(world: CountCoins) {
  const { size } = world.options;
  for (;;) {
    const { agent, coins, exit, asked, collected } = stateOf(world);
    const isEnough = collected === asked;
    const goals = isEnough ? [exit] : coins;
    const actions = way(size, agent, goals, isEnough ? coins : [...coins, exit]);
    expect(actions, JSON.stringify(world.state())).toBeDefined();
    let result = world.step(actions![0]!);
    for (const action of actions!.slice(1)) result = world.step(action);
    if (result.terminated || result.truncated) return result;
  }
}

describe('every episode can be done exactly', () => {
  const exactly = { reward: 5, terminated: true, truncated: false };

  test('in time, with the usual options, at every number trained on and far beyond', () => {
    const world = new CountCoins();
    for (let seed = 0; seed < 300; seed++) {
      const count = seed % 3 === 0 ? (seed % 40) + 1 : undefined;
      world.reset({ seed, options: { count } });
      const { asked } = stateOf(world);
      expect(asked).toBe(count ?? asked);
      const result = solve(world);
      expect(result).toMatchObject(exactly);
      expect(result.info.metrics).toEqual({ exact: 1, arrived: 1, error: 0 });
    }
  });

  test('whatever the size, the coins and the seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        (size, coins, count, seed) => {
          const world = new CountCoins({ size, coins, pixels: 8, stepsPerCoin: 64 });
          world.reset({ seed, options: { count } });
          expect(solve(world)).toMatchObject(exactly);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe('collecting', () => {
  test('pays for each coin that was asked for, half the maximum in all, and nothing beyond', () => {
    const world = row(2, [1, 2], 15);
    const paid: number[] = [];
    for (let coin = 1; coin <= 3; coin++) {
      world.restore({ ...(world.state() as object), coins: [coin] } as never);
      paid.push(world.step(RIGHT).reward);
    }
    expect(paid).toEqual([2.5, 2.5, 0]);
    expect(stateOf(world).collected).toBe(3);
  });

  test('another coin appears, neither under the agent nor on the exit', () => {
    const world = new CountCoins();
    world.reset({ seed: 2, options: { count: 50 } });
    let before = stateOf(world);
    for (let step = 0; step < 200; step++) {
      const [action] = way(3, before.agent, before.coins, [...before.coins, before.exit])!;
      world.step(action!);
      const after = stateOf(world);
      if (after.collected > before.collected) expect(before.coins).toContain(after.agent);
      else expect(after.coins).toEqual(before.coins);
      expect(after.coins).toHaveLength(1);
      for (const coin of after.coins) expect([after.agent, after.exit]).not.toContain(coin);
      before = after;
    }
    expect(before.collected).toBeGreaterThan(40);
  });

  test('the picture is the same however many were collected', () => {
    const world = row(5, [5, 6]);
    const state = world.state() as object;
    const seen = [0, 3, 99].map((collected) =>
      Buffer.from(world.restore({ ...state, collected } as never).pixels).toString('base64'),
    );
    expect(new Set(seen).size).toBe(1);
  });
});

describe('leaving', () => {
  test.each([
    [0, 1, 3, -1],
    [0, 3, 0, -3],
    [2, 2, 5, 0],
    [3, 2, 3, 1],
    [9, 2, 0, 7],
  ])('with %i of %i coins pays %i', (collected, asked, reward, error) => {
    const world = row(asked, [5, 6], 1);
    world.restore({ ...(world.state() as object), collected } as never);
    const last = world.step(RIGHT);
    expect(last).toMatchObject({ reward, terminated: true, truncated: false });
    expect(last.info.metrics).toEqual({ exact: error === 0 ? 1 : 0, arrived: 1, error });
    expect(() => world.step(PASS)).toThrow('the episode is over');
  });

  test.each([
    [1, 12],
    [5, 28],
    [100, 408],
  ])('with %i asked for, the exit shuts after %i steps', (count, limit) => {
    const world = new CountCoins();
    for (const options of [{ count }, undefined]) {
      do world.reset({ options });
      while (options === undefined && count <= 5 && stateOf(world).asked !== count);
      const { asked } = stateOf(world);
      const last = 4 * asked + 8;
      if (asked === count) expect(last).toBe(limit);
      for (let step = 1; step < last; step++) expect(world.step(PASS).terminated).toBe(false);
      const ending = world.step(PASS);
      expect(ending).toMatchObject({ reward: 0, terminated: true, truncated: false });
      expect(ending.info.metrics).toEqual({ exact: 0, arrived: 0 });
    }
  });
});

test('it looks as it says, and moves as it says', () => {
  const world = row(1, [1, 2], 5, { size: 3, pixels: 3 });
  const { pixels } = world.restore(world.state());
  const [ground, coin, exit, agent] = [
    [0, 0, 0],
    [255, 210, 0],
    [0, 160, 60],
    [128, 128, 128],
  ];
  const rows = [agent, coin, coin, ground, ground, exit, ground, ground, ground];
  expect([...pixels]).toEqual(rows.flat());
  for (const action of [UP, LEFT, PASS]) world.step(action);
  expect(stateOf(world).agent).toBe(0);
  world.step(DOWN);
  expect(stateOf(world).agent).toBe(3);
});

describe('refused', () => {
  test.each([
    [{ coins: 0 }, 'option "coins" (coins on the grid at a time) takes'],
    [{ countMin: 6 }, 'countMin (6) must be at most countMax (5)'],
    [{ pixels: 2 }, 'pixels (2) must be at least size (3)'],
    [{ costPerCoin: 0 }, 'takes a number above 0, not 0'],
    [{ coin: 2 }, 'did you mean "coins"?'],
  ])('%j', (options, message) => {
    expect(() => make('CountCoins-v0', options)).toThrow(OptionError);
    expect(() => make('CountCoins-v0', options)).toThrow(message);
  });

  test('a number, or a state, that cannot be', () => {
    const world = row(1, [1, 2]);
    const before = world.state() as object;
    expect(() => world.reset({ options: { count: 0 } })).toThrow('option "count"');
    for (const change of [{ coins: [16] }, { coins: [0] }, { coins: [3] }, { asked: 0 }]) {
      expect(() => world.restore({ ...before, ...change } as never)).toThrow('not a state');
    }
    expect(world.state()).toEqual(before);
  });
});
