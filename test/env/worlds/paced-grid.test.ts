import { describe, expect, test } from 'vitest';
import { make, OptionError, PacedGrid } from '../../../env/index.ts';

const [UP, DOWN, LEFT, RIGHT, PASS] = [0, 1, 2, 3, 4] as const;

interface State {
  readonly target: number;
  readonly agent: number;
  readonly pace: number;
  readonly beats: number;
  readonly limit: number;
}
const stateOf = (world: PacedGrid): State => world.state() as unknown as State;

/** Waits, then goes to the target so as to be there at the step `arrival`. */
function arrive(world: PacedGrid, arrival: number) {
  const { size } = world.options;
  const { agent, target } = stateOf(world);
  const rows = Math.floor(target / size) - Math.floor(agent / size);
  const columns = (target % size) - (agent % size);
  const moves: number[] = [
    ...Array(Math.abs(rows)).fill(rows < 0 ? UP : DOWN),
    ...Array(Math.abs(columns)).fill(columns < 0 ? LEFT : RIGHT),
  ];
  const waits: number[] = Array(arrival - moves.length).fill(PASS);
  return [...waits, ...moves].map((action) => world.step(action));
}

describe('being there after so many beats of so many steps is worth the maximum', () => {
  test.each([
    ['as drawn', undefined],
    ['many beats', { beats: 60 }],
    ['long beats', { pace: 70 }],
    ['both', { pace: 30, beats: 20 }],
  ] as const)('%s', (_, options) => {
    const world = new PacedGrid();
    for (let seed = 0; seed < 100; seed++) {
      const { observation } = world.reset({ seed, ...(options && { options }) });
      const { pace, beats } = stateOf(world);
      expect([...observation.instruction]).toEqual([pace, beats]);
      const results = arrive(world, pace * beats);
      expect(results.every(({ reward }, i) => i + 1 === results.length || reward === 0)).toBe(true);
      expect(results.at(-1)).toMatchObject({ reward: 10, terminated: true, truncated: false });
      expect(results.at(-1)!.info.metrics).toEqual({ exact: 1, arrived: 1, error: 0 });
    }
  });
});

test.each([
  [11, 9, -1],
  [13, 9, 1],
  [5, 3, -7],
  [22, 0, 10],
  [24, 0, 12],
])('told 3 × 4, at step %i: reward %i', (arrival, reward, error) => {
  const world = new PacedGrid();
  world.reset({ seed: 1, options: { pace: 3, beats: 4 } });
  const last = arrive(world, arrival).at(-1)!;
  expect(last).toMatchObject({ reward, terminated: true });
  expect(last.info.metrics).toEqual({ exact: 0, arrived: 1, error });
  expect(() => world.step(PASS)).toThrow('the episode is over');
});

test('the sum of the two numbers, or one of them, is not on time', () => {
  const world = new PacedGrid();
  for (let seed = 0; seed < 20; seed++) {
    for (const arrivalOf of [
      ({ pace, beats }: State) => pace + beats,
      ({ beats }: State) => beats,
    ]) {
      world.reset({ seed, options: { pace: 7, beats: 5 } });
      const last = arrive(world, arrivalOf(stateOf(world))).at(-1)!;
      expect(last.info.metrics!.exact).toBe(0);
      expect(last.reward).toBeLessThan(world.number.maxReward);
    }
  }
});

test('the picture tells neither number', () => {
  const pictures = [undefined, { pace: 9, beats: 2 }, { beats: 80 }].map((options) => {
    const { observation } = new PacedGrid().reset({ seed: 3, ...(options && { options }) });
    return Buffer.from(observation.pixels).toString('base64');
  });
  expect(new Set(pictures).size).toBe(1);
});

describe('episodes', () => {
  test('draw each number from its range, and both apart', () => {
    const world = new PacedGrid();
    world.reset({ seed: 1 });
    const told = new Set<string>();
    for (let episode = 0; episode < 500; episode++) {
      told.add(world.reset().observation.instruction.join(' × '));
      expect(stateOf(world).agent).not.toBe(stateOf(world).target);
    }
    const range = [2, 3, 4];
    const all = range.flatMap((pace) => range.map((beats) => `${pace} × ${beats}`));
    expect([...told].sort()).toEqual(all);
  });

  test.each([
    [undefined, 4 * 4 + 12],
    [{ pace: 2 }, 2 * 4 + 12],
    [{ beats: 50 }, 4 * 50 + 12],
    [{ pace: 20, beats: 50 }, 20 * 50 + 12],
  ] as const)('are cut off where %j is fixed at step %i', (options, limit) => {
    const world = new PacedGrid();
    world.reset({ seed: 1, ...(options && { options }) });
    expect(stateOf(world).limit).toBe(limit);
    for (let step = 1; step < limit; step++) expect(world.step(PASS).truncated).toBe(false);
    const last = world.step(PASS);
    expect(last).toMatchObject({ reward: 0, terminated: false, truncated: true });
    expect(last.info.metrics).toEqual({ exact: 0, arrived: 0 });
  });
});

describe('refused', () => {
  test.each([
    [{ paceMin: 5 }, 'paceMin (5) must be at most paceMax (4)'],
    [{ beatsMin: 5 }, 'beatsMin (5) must be at most beatsMax (4)'],
    [{ pixels: 2 }, 'pixels (2) must be at least size (3)'],
    [{ tempo: 3 }, 'has no option "tempo"'],
  ])('%j', (options, message) => {
    expect(() => make('PacedGrid-v0', options)).toThrow(OptionError);
    expect(() => make('PacedGrid-v0', options)).toThrow(message);
  });

  test('numbers whose product no float32 holds, or a state that cannot be', () => {
    const world = new PacedGrid();
    world.reset({ seed: 1, options: { pace: 4096, beats: 4096 } });
    expect(stateOf(world).limit).toBe(2 ** 24 + 12);
    expect(() => world.reset({ options: { beats: 4097 } })).toThrow('option "beats"');
    const before = world.state() as object;
    for (const change of [{ agent: 9 }, { target: -1 }, { pace: 0 }, { beats: 1.5 }]) {
      expect(() => world.restore({ ...before, ...change } as never)).toThrow('not a state');
    }
    expect(world.state()).toEqual(before);
  });
});
