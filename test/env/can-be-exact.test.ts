import { describe, expect, test } from 'vitest';
import { type Env, make, TimedMaze, Wrapper } from '../../env/index.ts';
import { WorldEpisode } from '../../src/play/world-episode.ts';

type Options = Readonly<Record<string, number>>;

/** Whether any actions make an episode exact within some steps: a breadth-first search over what the world says its state is. */
function somebodyCan(world: Env, steps: number): boolean {
  const actions = Array.from({ length: world.actionSpace.n }, (_, action) => action);
  let open = [world.state()];
  for (let step = 0; step < steps; step++) {
    const next = new Map<string, (typeof open)[number]>();
    for (const state of open) {
      for (const action of actions) {
        world.restore(state);
        const { terminated, truncated, info } = world.step(action);
        if (info.metrics?.exact === 1) return true;
        if (terminated || truncated) continue;
        const after = world.state();
        next.set(JSON.stringify(after), after);
      }
    }
    open = [...next.values()];
  }
  return false;
}

describe.each<[string, Options, number]>([
  ['TimedGrid-v0', { time: 3 }, 3],
  ['TimedGrid-3x3-v0', { time: 2 }, 2],
  ['TimedMaze-v0', { time: 3 }, 3],
  ['PacedGrid-v0', { pace: 1, beats: 2 }, 2],
  ['TwoTimes-v0', { first: 2, second: 4 }, 4],
])('%s says at the start', (id, told, due) => {
  test('whether an episode can be exact, as a search finds it', () => {
    const world = make(id);
    const said = Array.from({ length: 24 }, (_, seed) => {
      const { info } = world.reset({ seed, options: told });
      expect(info.canBeExact, `seed ${seed}`).toBe(somebodyCan(world, due));
      return info.canBeExact;
    });
    expect(new Set(said).size).toBe(2);
  });
});

test('a level is looked at as it is drawn', () => {
  const world = new TimedMaze({ size: 3, pixels: 36, levels: [['A.T', '##.', '...']], timeMin: 2 });
  expect(world.reset({ options: { time: 1 } }).info.canBeExact).toBe(false);
  expect(world.reset({ options: { time: 2 } }).info.canBeExact).toBe(true);
});

test('a world that says nothing leaves it out', () => {
  expect(make('MovingTarget-v0').reset({ seed: 1 }).info).toEqual({});
});

/** A timed grid that says of every episode what it is told to. */
class Saying extends Wrapper {
  readonly #said: unknown;

  constructor(said: unknown) {
    super(make('TimedGrid-3x3-v0'));
    this.#said = said;
  }

  override reset(...args: Parameters<Env['reset']>) {
    const { observation } = super.reset(...args);
    return { observation, info: { canBeExact: this.#said as boolean } };
  }
}

/** Plays random actions until an episode is exact. */
function exactEpisode(said: unknown) {
  for (let seed = 0; ; seed++) {
    const episode = new WorldEpisode(new Saying(said), { seed: `${seed}`, number: 6 });
    for (let step = 0; !episode.end; step++) episode.step((seed * 7 + step * step) % 5);
    if (episode.end.exact) return episode.end;
  }
}

test('an episode ends with what was said', () => {
  expect(exactEpisode(true)).toMatchObject({ exact: true, canBeExact: true });
  expect(exactEpisode(undefined)).not.toHaveProperty('canBeExact');
});

test('what cannot be true is an error that names the rule', () => {
  expect(() => exactEpisode(false)).toThrow(
    /an episode was exact although canBeExact was false \(rule number-can-be-exact: /,
  );
  expect(() => exactEpisode('yes')).toThrow(
    /canBeExact is the string "yes" \(rule number-can-be-exact: /,
  );
});
