import { expect, test } from 'vitest';
import { MovingTarget } from '../../../env/index.ts';

const [UP, DOWN, LEFT, RIGHT, PASS] = [0, 1, 2, 3, 4] as const;

test('an agent that waits to see where the target is heading can still meet it at the time told', () => {
  const world = new MovingTarget();
  world.reset({ seed: 1 });
  const state = world.state() as object;
  const [least, greatest] = world.number.trained;
  interface Start {
    readonly cells: readonly [number, number];
    readonly heading: number;
  }
  const after = (at: Start, clock: number, action: number): Start | 'met' => {
    world.restore({ ...state, ...at, clock, limit: 99 } as never);
    if (world.step(action).terminated) return 'met';
    const { cells, heading } = world.state() as unknown as Start;
    return { cells, heading };
  };
  const canMeet = (at: Start, clock: number, time: number): boolean => {
    let open = [at];
    for (; clock < time; clock++) {
      const all = open.flatMap((one) =>
        [UP, DOWN, LEFT, RIGHT, PASS].map((a) => after(one, clock, a)),
      );
      if (clock + 1 === time) return all.includes('met');
      const going = all.filter((one) => one !== 'met');
      open = [...new Map(going.map((one) => [one.cells.join(), one])).values()];
    }
    return false;
  };
  const pairs = [PASS, UP, DOWN, LEFT, RIGHT].flatMap((first) =>
    [PASS, UP, DOWN, LEFT, RIGHT].map((second) => [first, second] as const),
  );
  // The target moves at the second step: until then an agent does the same whatever the heading is.
  for (let place = 1; place < 16 * 16; place += 23) {
    const cells = [place % 16, place >> 4] as const;
    if (cells[0] === cells[1]) continue;
    for (const time of [least, greatest - 1]) {
      const isSafe = ([first, second]: (typeof pairs)[number]): boolean =>
        [0, 1, 2, 3].every((heading) => {
          const one = after({ cells, heading }, 0, first);
          const two = one === 'met' ? one : after(one, 1, second);
          return two !== 'met' && canMeet(two, 2, time);
        });
      expect(pairs.some(isSafe), `${cells} at ${time}`).toBe(true);
    }
  }
});
