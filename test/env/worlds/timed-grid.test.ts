import { describe, expect, test } from 'vitest';
import type { StepResult } from '../../../env/index.ts';
import { make, OptionError, TimedGrid, type TimedGridInput } from '../../../env/index.ts';

const UP = 0;
const DOWN = 1;
const LEFT = 2;
const RIGHT = 3;
const PASS = 4;

interface Situation {
  readonly target: number;
  readonly agent: number;
  readonly time?: number;
  readonly limit?: number;
}

/** A world put into a situation of the test's choice. */
function situated({ target, agent, time = 5, limit = 24 }: Situation, options?: TimedGridInput) {
  const world = new TimedGrid(options);
  world.reset({ seed: 1 });
  const state = world.state() as object;
  world.restore({ ...state, cells: [target, agent], time, limit, clock: 0 } as never);
  return world;
}

/** Where target and agent are. */
function cells(world: TimedGrid): readonly number[] {
  return (world.state() as { cells: number[] }).cells;
}

/** Waits until the last of `steps`, then goes right onto the target. */
function arriveAt(steps: number, time: number, options?: TimedGridInput): StepResult {
  const world = situated({ target: 1, agent: 0, time }, options);
  for (let step = 1; step < steps; step++) world.step(PASS);
  return world.step(RIGHT);
}

describe('moving', () => {
  test.each([
    ['up', UP, 12, 7],
    ['down', DOWN, 12, 17],
    ['left', LEFT, 12, 11],
    ['right', RIGHT, 12, 13],
    ['pass', PASS, 12, 12],
    ['up into the wall', UP, 4, 4],
    ['down into the wall', DOWN, 20, 20],
    ['left into the wall', LEFT, 15, 15],
    ['right into the wall', RIGHT, 9, 9],
  ])('%s', (_, action, from, to) => {
    const world = situated({ target: 0, agent: from });
    const { terminated, truncated, reward } = world.step(action);
    expect(cells(world)).toEqual([0, to]);
    expect({ terminated, truncated, reward }).toEqual({
      terminated: false,
      truncated: false,
      reward: 0,
    });
  });

  test('the names of the actions', () => {
    expect(new TimedGrid().actionSpace.names).toEqual(['up', 'down', 'left', 'right', 'pass']);
  });
});

describe('arriving', () => {
  test.each([
    ['linear', 5, 5, 10],
    ['linear', 4, 5, 9],
    ['linear', 8, 5, 7],
    ['linear', 1, 12, 0],
    ['linear', 2, 12, 0],
    ['linear', 3, 12, 1],
    ['exact', 5, 5, 10],
    ['exact', 4, 5, 0],
    ['exact', 6, 5, 0],
  ] as const)('%s timing, at step %i, told %i, pays %i', (timing, step, told, reward) => {
    const result = arriveAt(step, told, { timing });
    expect(result).toMatchObject({ reward, terminated: true, truncated: false });
    expect(result.info.metrics).toEqual({
      exact: step === told ? 1 : 0,
      arrived: 1,
      error: step - told,
    });
  });

  test('the maximum is an option', () => {
    expect(arriveAt(5, 5, { maxReward: 2.5 }).reward).toBe(2.5);
    expect(arriveAt(6, 5, { maxReward: 2.5 }).reward).toBe(1.5);
    expect(arriveAt(8, 5, { maxReward: 2.5 }).reward).toBe(0);
  });

  test('the last frame shows the agent over the target, and nothing red', () => {
    const { pixels } = arriveAt(1, 5).observation;
    expect([...pixels.subarray(11 * 3, 12 * 3)]).toEqual([128, 128, 128]);
    expect(pixels.reduce((count, value) => count + (value === 255 ? 1 : 0), 0)).toBe(0);
  });

  test('nothing is stepped after the end', () => {
    const world = situated({ target: 1, agent: 0 });
    world.step(RIGHT);
    expect(() => world.step(PASS)).toThrow('the episode is over');
  });
});

describe('running out of time', () => {
  /** Steps until the episode is cut off; the agent stays where it began. */
  function stay(options: TimedGridInput, time?: number): { steps: number; last: StepResult } {
    const world = new TimedGrid(options);
    world.reset({ seed: 4, options: { time } });
    for (let steps = 1; ; steps++) {
      const last = world.step(PASS);
      if (last.terminated || last.truncated) return { steps, last };
    }
  }

  test.each([
    ['training', {}, undefined, 24],
    ['training, another range', { timeMin: 1, timeMax: 3 }, undefined, 15],
    ['training, another slack', { slack: 0 }, undefined, 12],
    ['a fixed time', {}, 5, 17],
    ['a fixed time beyond the range', {}, 1000, 1012],
    ['a fixed time, another slack', { slack: 1 }, 2, 3],
  ] as const)('%s', (_, options, time, limit) => {
    const { steps, last } = stay(options, time);
    expect(steps).toBe(limit);
    expect(last).toMatchObject({ terminated: false, truncated: true, reward: 0 });
    expect(last.info.metrics).toEqual({ exact: 0, arrived: 0 });
  });

  test('arriving at the very last step is an arrival', () => {
    const world = situated({ target: 1, agent: 0, limit: 2 });
    world.step(PASS);
    expect(world.step(RIGHT)).toMatchObject({ terminated: true, truncated: false, reward: 7 });
  });

  test('a fixed time holds for one episode', () => {
    const world = new TimedGrid();
    const { observation } = world.reset({ seed: 1, options: { time: 400 } });
    expect([...observation.instruction]).toEqual([400]);
    for (let i = 0; i < 50; i++) {
      const told = world.reset().observation.instruction[0]!;
      expect(told).toBeGreaterThanOrEqual(5);
      expect(told).toBeLessThanOrEqual(12);
    }
  });

  test('the same seed places agent and target alike whatever the fixed time', () => {
    const places = [5, 30, 2 ** 24].map((time) => {
      const world = new TimedGrid();
      world.reset({ seed: 9, options: { time } });
      return cells(world);
    });
    expect(places).toEqual([places[0], places[0], places[0]]);
  });
});

describe('instruction', () => {
  const told = (instruction: 'always' | 'first') => {
    const world = new TimedGrid({ instruction });
    const first = world.reset({ seed: 2, options: { time: 9 } });
    const seen = [first, ...Array.from({ length: 4 }, () => world.step(PASS))];
    return seen.map(({ observation }) => observation.instruction[0]);
  };
  test('always', () => expect(told('always')).toEqual([9, 9, 9, 9, 9]));
  test('first', () => expect(told('first')).toEqual([9, 0, 0, 0, 0]));
});

describe('beginnings', () => {
  const EPISODES = 24_000;
  const world = new TimedGrid();
  world.reset({ seed: 'beginnings' });
  const pairs = new Map<string, number>();
  const times = new Map<number, number>();
  for (let i = 0; i < EPISODES; i++) {
    const time = world.reset().observation.instruction[0]!;
    const pair = cells(world).join();
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    times.set(time, (times.get(time) ?? 0) + 1);
  }

  /** Pearson's statistic of counts that should be equal; its mean is the number of kinds less one. */
  function chiSquare(counts: Iterable<number>, kinds: number): number {
    const expected = EPISODES / kinds;
    return [...counts].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  }

  test('every pair of different cells is equally likely', () => {
    expect(pairs.size).toBe(25 * 24);
    // 599 degrees of freedom: one seed in a thousand exceeds 712.
    expect(chiSquare(pairs.values(), 600)).toBeLessThan(712);
  });

  test('every time from 5 to 12 is equally likely', () => {
    expect([...times.keys()].sort((a, b) => a - b)).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
    // 7 degrees of freedom: one seed in a thousand exceeds 24.3.
    expect(chiSquare(times.values(), 8)).toBeLessThan(24.3);
  });

  test('from every start every target is reached in eight steps, and from corners in no fewer', () => {
    const steps = Array.from(pairs.keys(), (pair) => {
      const [target, agent] = pair.split(',').map(Number) as [number, number];
      return shortest(target, agent);
    });
    expect(Math.max(...steps)).toBe(8);
    expect(Math.min(...steps)).toBe(1);
  });

  /** Breadth first, through the world itself. */
  function shortest(target: number, agent: number): number {
    const start = situated({ target, agent, limit: 100 });
    let frontier = [start.state()];
    const seen = new Set([agent]);
    for (let steps = 1; frontier.length > 0; steps++) {
      const next = [];
      for (const state of frontier) {
        for (const action of [UP, DOWN, LEFT, RIGHT]) {
          start.restore(state);
          if (start.step(action).terminated) return steps;
          const cell = cells(start)[1]!;
          if (!seen.has(cell)) {
            seen.add(cell);
            next.push(start.state());
          }
        }
      }
      frontier = next;
    }
    throw new Error(`${target} cannot be reached from ${agent}`);
  }
});

describe.each([
  ['TimedGrid-3x3-v0', 3, [4, 10], 20],
  ['TimedGrid-9x9-v0', 9, [16, 24], 40],
] as const)('%s', (id, size, trained, limit) => {
  test('is the same world with other defaults', () => {
    const world = make(id);
    expect(world).toBeInstanceOf(TimedGrid);
    expect(world.spec.id).toBe(id);
    expect(world.options).toMatchObject({ size });
    expect(world.number?.trained).toEqual(trained);
    const like = new TimedGrid(world.options as TimedGridInput);
    const [mine, its] = [world.reset({ seed: 3 }), like.reset({ seed: 3 })];
    expect(mine).toEqual(its);
    for (let step = 0; step < limit; step++) expect(world.step(PASS)).toEqual(like.step(PASS));
    expect(() => world.step(PASS)).toThrow(`${id}: the episode is over`);
  });

  test('from every start every target can be reached at every time told', () => {
    const world = make(id);
    for (let seed = 0; seed < 100; seed++) {
      world.reset({ seed });
      const { cells, time } = world.state() as { cells: [number, number]; time: number };
      const [[row, column], [toRow, toColumn]] = cells.map((cell) => [
        Math.floor(cell / size),
        cell % size,
      ]) as [[number, number], [number, number]];
      expect(Math.abs(row - toRow) + Math.abs(column - toColumn)).toBeLessThanOrEqual(time);
    }
    expect(trained[0]).toBe(2 * (size - 1));
  });

  test('a mistake names it', () => {
    expect(() => make(id, { siz: 3 })).toThrow(`${id} has no option "siz"`);
  });
});

describe('options', () => {
  test('the defaults are those of the paper', () => {
    expect(new TimedGrid().options).toEqual({
      size: 5,
      pixels: 56,
      groundColour: [0, 0, 0],
      agentColour: [128, 128, 128],
      targetColour: [255, 0, 0],
      timeMin: 5,
      timeMax: 12,
      slack: 12,
      maxReward: 10,
      timing: 'linear',
      instruction: 'always',
    });
  });

  test('size, pixels and colours show', () => {
    const world = new TimedGrid({
      size: 2,
      pixels: 2,
      groundColour: [1, 2, 3],
      agentColour: [4, 5, 6],
      targetColour: [7, 8, 9],
    });
    world.reset({ seed: 1 });
    const state = world.state() as object;
    const { pixels } = world.restore({ ...state, cells: [1, 2] } as never);
    expect([...pixels]).toEqual([1, 2, 3, 7, 8, 9, 4, 5, 6, 1, 2, 3]);
    expect(world.observationSpace.pixels.shape).toEqual([2, 2, 3]);
  });

  test.each([
    [{ siz: 3 }, 'TimedGrid-v0 has no option "siz"; did you mean "size"?'],
    [{ size: 1 }, 'option "size" (cells along a side) takes a whole number from 2 to 64, not 1'],
    [{ size: '5' }, 'a whole number from 2 to 64, not "5"'],
    [{ pixels: 56.5 }, 'option "pixels"'],
    [{ agentColour: [1, 2, 256] }, 'takes three whole numbers from 0 to 255, not [1,2,256]'],
    [{ timing: 'lienar' }, 'takes one of "linear", "exact", not "lienar"'],
    [{ instruction: 'never' }, 'option "instruction"'],
    [{ maxReward: 0 }, 'takes a number above 0, not 0'],
    [{ timeMin: 13 }, 'timeMin (13) must be at most timeMax (12)'],
    [{ size: 60 }, 'pixels (56) must be at least size (60)'],
  ])('%j is refused', (options, message) => {
    expect(() => make('TimedGrid-v0', options)).toThrow(OptionError);
    expect(() => make('TimedGrid-v0', options)).toThrow(message);
  });

  test.each([
    [{ time: 0 }, 'takes a whole number from 1 to 16777216, not 0'],
    [{ time: 7.5 }, 'not 7.5'],
    [{ time: '7' }, 'option "time"'],
    [{ tiem: 7 }, 'has no option "tiem"; did you mean "time"?'],
  ])('an episode with %j is refused, and the world is as it was', (options, message) => {
    const world = new TimedGrid();
    world.reset({ seed: 1 });
    const before = world.state();
    expect(() => world.reset({ seed: 2, options })).toThrow(OptionError);
    expect(() => world.reset({ seed: 2, options })).toThrow(message);
    expect(world.state()).toEqual(before);
  });
});

test('a state of a larger grid is refused, and the world is as it was', () => {
  const large = situated({ target: 0, agent: 99 }, { size: 10 });
  const world = situated({ target: 0, agent: 1 });
  const before = world.state();
  expect(() => world.restore(large.state())).toThrow(
    'not a state of a world with the same options',
  );
  expect(world.state()).toEqual(before);
});
