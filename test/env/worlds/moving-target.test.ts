import { describe, expect, test } from 'vitest';
import { MovingTarget, type MovingTargetInput, make, OptionError } from '../../../env/index.ts';

const [UP, DOWN, LEFT, RIGHT, PASS] = [0, 1, 2, 3, 4] as const;

interface Situation {
  readonly cells: readonly [target: number, agent: number];
  readonly heading: number;
  readonly time?: number;
  readonly limit?: number;
}

function situated(situation: Situation, options?: MovingTargetInput): MovingTarget {
  const world = new MovingTarget(options);
  world.reset({ seed: 1 });
  const state = world.state() as object;
  world.restore({ ...state, time: 5, limit: 24, clock: 0, ...situation } as never);
  return world;
}

const cells = (world: MovingTarget) => (world.state() as { cells: [number, number] }).cells;

describe('the walk', () => {
  test.each([
    ['right and back', RIGHT, [13, 14, 15, 14, 13, 12, 13]],
    ['left and back', LEFT, [13, 12, 13, 14, 15, 14, 13]],
    ['up and back', UP, [13, 9, 5, 1, 5, 9, 13]],
    ['down, at the wall at once', DOWN, [13, 9, 5, 1, 5, 9, 13]],
  ] as const)('%s', (_, heading, walk) => {
    const world = situated({ cells: [13, 0], heading });
    const seen = walk.map(() => {
      const [target] = cells(world);
      world.step(PASS);
      expect(cells(world)[0], 'still after an odd step').toBe(target);
      world.step(PASS);
      return target;
    });
    expect(seen).toEqual(walk);
  });

  test('its pace is an option', () => {
    const world = situated({ cells: [12, 0], heading: RIGHT }, { pace: 1 });
    const seen = Array.from({ length: 4 }, () => {
      world.step(PASS);
      return cells(world)[0];
    });
    expect(seen).toEqual([13, 14, 15, 14]);
  });

  test('every heading is drawn', () => {
    const world = new MovingTarget();
    world.reset({ seed: 1 });
    const headings = new Map<number, number>();
    for (let i = 0; i < 4000; i++) {
      world.reset();
      const { heading } = world.state() as { heading: number };
      headings.set(heading, (headings.get(heading) ?? 0) + 1);
    }
    expect([...headings.keys()].sort()).toEqual([0, 1, 2, 3]);
    // A share of a quarter, give or take four standard deviations.
    for (const count of headings.values()) expect(Math.abs(count - 1000)).toBeLessThan(110);
  });
});

describe('meeting', () => {
  test('the agent comes to the target', () => {
    const world = situated({ cells: [1, 0], heading: RIGHT });
    const last = world.step(RIGHT);
    expect(last).toMatchObject({ reward: 6, terminated: true, truncated: false });
    expect(last.info.metrics).toEqual({ exact: 0, arrived: 1, error: -4 });
    expect(() => world.step(PASS)).toThrow('the episode is over');
  });

  test('the target comes to the agent', () => {
    const world = situated({ cells: [1, 2], heading: RIGHT, time: 2 });
    expect(world.step(PASS).terminated).toBe(false);
    const last = world.step(PASS);
    expect(last).toMatchObject({ reward: 10, terminated: true });
    expect(last.info.metrics).toEqual({ exact: 1, arrived: 1, error: 0 });
  });

  test('the target has left when the agent comes, or they pass each other', () => {
    const behind = situated({ cells: [1, 0], heading: RIGHT }, { pace: 1 });
    expect(behind.step(RIGHT).terminated).toBe(false);
    expect(cells(behind)).toEqual([2, 1]);
    const through = situated({ cells: [1, 0], heading: LEFT }, { pace: 1 });
    expect(through.step(RIGHT).terminated).toBe(false);
    expect(cells(through)).toEqual([0, 1]);
  });

  test('not in time', () => {
    const world = situated({ cells: [15, 0], heading: RIGHT, limit: 2 });
    world.step(PASS);
    const last = world.step(PASS);
    expect(last).toMatchObject({ reward: 0, terminated: false, truncated: true });
    expect(last.info.metrics).toEqual({ exact: 0, arrived: 0 });
  });
});

test('from starts all over they can meet at exactly every time told', () => {
  const world = new MovingTarget();
  world.reset({ seed: 1 });
  const state = world.state() as object;
  const [least, greatest] = world.number.trained;
  // A dozen of the 960 starts: all of them take a minute.
  for (let place = 3; place < 16 * 16 * 4; place += 93) {
    const start = { cells: [place % 16, Math.floor(place / 16) % 16], heading: place >> 8 };
    if (start.cells[0] === start.cells[1]) continue;
    // Every cell that the agent can be on without having met the target, step by step.
    let open = [start];
    for (let clock = 0; clock < greatest; clock++) {
      const next = new Map<string, typeof start>();
      let met = false;
      for (const at of open) {
        for (const action of [UP, DOWN, LEFT, RIGHT, PASS]) {
          world.restore({ ...state, ...at, clock, limit: 99 } as never);
          if (world.step(action).terminated) met = true;
          else {
            const { cells, heading } = world.state() as unknown as typeof start;
            next.set(cells.join(), { cells, heading });
          }
        }
      }
      if (clock + 1 >= least) expect(met, `${JSON.stringify(start)} at ${clock + 1}`).toBe(true);
      open = [...next.values()];
    }
  }
});

describe('refused', () => {
  test.each([
    [{ pace: 0 }, 'option "pace" (steps of the agent for each of the target) takes'],
    [{ timeMin: 13 }, 'timeMin (13) must be at most timeMax (12)'],
    [{ pixels: 3 }, 'pixels (3) must be at least size (4)'],
    [{ timing: 'never' }, 'takes one of "linear", "exact"'],
  ])('%j', (options, message) => {
    expect(() => make('MovingTarget-v0', options)).toThrow(OptionError);
    expect(() => make('MovingTarget-v0', options)).toThrow(message);
  });

  test('a time, or a state, that cannot be', () => {
    const world = situated({ cells: [1, 2], heading: 0 });
    const before = world.state() as object;
    expect(() => world.reset({ options: { time: 0 } })).toThrow('option "time"');
    for (const change of [{ heading: 4 }, { cells: [16, 0] }]) {
      expect(() => world.restore({ ...before, ...change } as never)).toThrow('not a state');
    }
    expect(world.state()).toEqual(before);
  });
});
