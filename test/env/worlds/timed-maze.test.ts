import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { make, OptionError, TimedMaze, type TimedMazeInput } from '../../../env/index.ts';
import { distances } from '../../../env/worlds/base/grid.ts';

const [UP, DOWN, LEFT, RIGHT, PASS] = [0, 1, 2, 3, 4];

interface State {
  readonly walls: readonly number[];
  readonly target: number;
  readonly agent: number;
  readonly time: number;
}
const stateOf = (world: TimedMaze): State => world.state() as unknown as State;

/** Least number of steps to the target, breadth first through the world itself. */
function shortest(world: TimedMaze): number {
  const start = world.state() as object;
  let frontier = [stateOf(world).agent];
  const seen = new Set(frontier);
  for (let steps = 1; frontier.length > 0; steps++) {
    const next: number[] = [];
    for (const agent of frontier) {
      for (const action of [UP, DOWN, LEFT, RIGHT]) {
        world.restore({ ...start, agent } as never);
        if (world.step(action!).terminated) return steps;
        const cell = stateOf(world).agent;
        if (!seen.has(cell)) next.push(cell);
        seen.add(cell);
      }
    }
    frontier = next;
  }
  return Number.POSITIVE_INFINITY;
}

const small: TimedMazeInput = { size: 3, pixels: 3, levels: [['A.#', '..#', '#.T']] };

describe('mazes of chance', () => {
  test('can be solved in the least time told, whatever the size, the walls and the seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 0, max: 64 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        (size, walls, timeMin, seed) => {
          const world = new TimedMaze({ size, walls, timeMin, pixels: 8, slack: 64 });
          world.reset({ seed });
          const before = stateOf(world);
          expect(before.walls.length).toBeLessThanOrEqual(Math.min(walls, size * size - 2));
          expect(shortest(world)).toBeLessThanOrEqual(timeMin);
        },
      ),
      { numRuns: 25, seed: 1 },
    );
  });

  test('have the walls asked for, and leave no cell cut off', () => {
    const world = new TimedMaze({ walls: 4 });
    const mazes = new Set<string>();
    world.reset({ seed: 'walls' });
    for (let episode = 0; episode < 200; episode++) {
      world.reset();
      const { walls, agent } = stateOf(world);
      expect(walls).toHaveLength(4);
      mazes.add(walls.join());
      const steps = distances(4, agent, (cell) => !walls.includes(cell));
      expect(steps.filter((distance) => distance === -1)).toHaveLength(walls.length);
    }
    expect(mazes.size).toBeGreaterThan(150);
  });

  test('the same seed gives the same maze and places whatever the fixed time', () => {
    const starts = [1, 9, 2 ** 24].map((time) => {
      const world = new TimedMaze();
      world.reset({ seed: 9, options: { time } });
      const { walls, target, agent } = stateOf(world);
      return { walls, target, agent };
    });
    expect(starts).toEqual([starts[0], starts[0], starts[0]]);
  });
});

describe('drawn levels', () => {
  test('are what is seen', () => {
    const [floor, wall, target, agent] = [
      [0, 0, 0],
      [30, 60, 160],
      [255, 0, 0],
      [128, 128, 128],
    ];
    const { pixels } = new TimedMaze(small).reset({ seed: 1 }).observation;
    const rows = [agent, floor, wall, floor, floor, wall, wall, floor, target];
    expect([...pixels]).toEqual(rows.flat());
  });

  test('walls stop the agent, the way round leads to the target', () => {
    const world = new TimedMaze(small);
    world.reset({ seed: 1, options: { time: 4 } });
    const walk = [LEFT, RIGHT, RIGHT, DOWN, DOWN];
    const cells = walk.map((action) => {
      expect(world.step(action!)).toMatchObject({ reward: 0, terminated: false });
      return stateOf(world).agent;
    });
    expect(cells).toEqual([0, 1, 1, 4, 7]);
    const last = world.step(RIGHT!);
    expect(last).toMatchObject({ reward: 8, terminated: true, truncated: false });
    expect(last.info.metrics).toEqual({ exact: 0, arrived: 1, error: 2 });
    expect(() => world.step(PASS!)).toThrow('the episode is over');
  });

  test('what a level leaves out is put at random, near enough; each level has its turn', () => {
    const world = new TimedMaze({
      ...{ size: 3, pixels: 3, timeMin: 3 },
      levels: [
        ['T..', '##.', '...'],
        ['...', '.#.', '..A'],
        ['.#.', '.#.', '...'],
      ],
    });
    world.reset({ seed: 2 });
    const seen = {
      levels: new Set<string>(),
      agents: new Set<number>(),
      targets: new Set<number>(),
    };
    for (let episode = 0; episode < 100; episode++) {
      world.reset();
      const { walls, agent, target } = stateOf(world);
      seen.levels.add(walls.join());
      if (walls.join() === '3,4') {
        expect(target).toBe(0);
        seen.agents.add(agent);
      }
      if (walls.join() === '4') {
        expect(agent).toBe(8);
        seen.targets.add(target);
      }
      expect(shortest(world)).toBeLessThanOrEqual(3);
    }
    expect([...seen.levels].sort()).toEqual(['1,4', '3,4', '4']);
    expect([...seen.agents].sort()).toEqual([1, 2, 5]);
    expect([...seen.targets].sort()).toEqual([1, 2, 3, 5, 6, 7]);
  });
});

test('it is cut off without an arrival', () => {
  const world = new TimedMaze({ ...small, slack: 2 });
  world.reset({ seed: 1, options: { time: 3 } });
  const ends = Array.from({ length: 5 }, () => world.step(PASS!));
  expect(ends.map(({ truncated }) => truncated)).toEqual([false, false, false, false, true]);
  expect(ends[4]!.info.metrics).toEqual({ exact: 0, arrived: 0 });
});

describe('refused', () => {
  test.each([
    [{ size: 3 }, 'levels[0] must be 3 rows of 3 characters', ['..', '..']],
    [{ size: 2 }, 'levels[0] contains "x"', ['.x', '..']],
    [{ size: 2 }, 'levels[0] has more than one A', ['AA', '..']],
    [{ size: 2 }, 'levels[0] has more than one T', ['TT', 'TA']],
    [{ size: 2 }, 'levels[0] needs at least two cells that are not wall', ['##', '#.']],
    [{ size: 2 }, 'levels[0] is cut in two: row 2, column 2 cannot be reached', ['.#', '#.']],
    [
      { size: 3, timeMin: 3 },
      'takes 4 steps from A to T, more than timeMin (3)',
      ['A..', '...', '..T'],
    ],
  ])('%j: %s', (options, message, level) => {
    const given = { pixels: 9, ...options, levels: [level] };
    expect(() => make('TimedMaze-v0', given)).toThrow(OptionError);
    expect(() => make('TimedMaze-v0', given)).toThrow(message);
  });

  test.each([
    [{ walls: -1 }, 'option "walls"'],
    [{ levels: 'A.T' }, 'takes a list of levels such as'],
    [{ timeMin: 13 }, 'timeMin (13) must be at most timeMax (12)'],
    [{ pixels: 2 }, 'pixels (2) must be at least size (4)'],
    [{ wals: 1 }, 'did you mean "walls"?'],
  ])('%j', (options, message) => {
    expect(() => make('TimedMaze-v0', options)).toThrow(message);
  });

  test('a state that no such world can be in', () => {
    const world = new TimedMaze(small);
    world.reset({ seed: 1 });
    const state = world.state() as object;
    for (const change of [{ agent: 9 }, { walls: [9] }, { walls: [0] }, { target: 99 }]) {
      expect(() => world.restore({ ...state, ...change } as never)).toThrow('not a state');
    }
    expect(world.state()).toEqual(state);
  });
});
