import { expect, test } from 'vitest';
import { Episode } from '../../viewer/episode.ts';
import { Playback } from '../../viewer/playback.ts';
import { INITIAL, SPEEDS, type State } from '../../viewer/state.ts';
import { Store } from '../../viewer/store.ts';

const PICTURES_A_SECOND = 60;
const LENGTH = 900;

/** An episode that has come in whole, and a player whose time passes when the test says so. */
function standFor(changes: Partial<State>) {
  const episode = new Episode({ number: 5, seed: 0, policy: 'greedy' }, null);
  const step = { action: 0, reward: 0, probabilities: null, value: null, picture: 1 };
  const steps = Array.from({ length: LENGTH }, () => ({ ...step, position: null }));
  const ending = { steps: LENGTH, how: 'terminated', return: 0, metrics: {}, differsAt: null };
  const facts = {
    pane: 0,
    isPerson: false,
    checkpoint: 'c',
    number: 5,
    picture: 1,
    position: null,
  };
  episode.tracks.set(0, { ...facts, steps, ending: ending as typeof ending & { how: 'cut' } });
  const store = new Store<State>({ ...INITIAL, episode, ...changes });
  let ends = 0;
  let tick: (now: number) => void = () => {};
  const callbacks = { onMoment() {}, onEnd: () => ends++ };
  new Playback(store, callbacks, (then) => {
    tick = then;
  });
  let now = 0;
  tick(now);
  const pass = (milliseconds: number) => {
    now += milliseconds;
    tick(now);
  };
  const passSeconds = (seconds: number) => {
    for (let i = 0; i < seconds * PICTURES_A_SECOND; i++) pass(1000 / PICTURES_A_SECOND);
  };
  return { store, pass, passSeconds, ends: () => ends };
}

test.each(SPEEDS.filter(Number.isFinite))(
  'at %d× five times as many steps go by in a second',
  (speed) => {
    const { store, passSeconds } = standFor({ speed });
    passSeconds(10);
    expect(Math.abs(store.state.moment - 50 * speed)).toBeLessThanOrEqual(1);
  },
);

test('as fast as it goes is a step for every picture', () => {
  const { store, passSeconds } = standFor({ speed: Number.POSITIVE_INFINITY });
  const before = store.state.moment;
  passSeconds(10);
  expect(store.state.moment - before).toBe(10 * PICTURES_A_SECOND);
});

test('a page that was out of sight does not make up for it', () => {
  const { store, pass } = standFor({ speed: 8 });
  pass(60_000);
  expect(store.state.moment).toBe(10);
});

test('an end stays on screen for a while, a shorter one where all goes faster', () => {
  const slow = standFor({ speed: 1, moment: LENGTH });
  slow.passSeconds(2);
  expect(slow.ends()).toBe(0);
  slow.passSeconds(0.5);
  expect(slow.ends()).toBe(1);
  const fast = standFor({ speed: 8, moment: LENGTH });
  fast.passSeconds(0.5);
  expect(fast.ends()).toBe(1);
});

test('nothing moves while it is paused', () => {
  const { store, passSeconds, ends } = standFor({ speed: 8, playing: false });
  passSeconds(10);
  expect([store.state.moment, ends()]).toEqual([0, 0]);
});
