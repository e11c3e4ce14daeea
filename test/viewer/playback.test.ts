import { expect, test } from 'vitest';
import { Playback } from '../../viewer/playback.ts';
import { INITIAL, SPEEDS, type State } from '../../viewer/state.ts';
import { Store } from '../../viewer/store.ts';
import { endingOf, episodeOf, trackOf } from './tracks.ts';

const FRAMES_A_SECOND = 60;
const LENGTH = 900;

/** A whole episode in playback, whose time passes when the test says so. */
function playbackOf(changes: Partial<State>) {
  const actions = new Array<number>(LENGTH).fill(0);
  const episode = episodeOf([trackOf(0, actions, endingOf(LENGTH))], {}, null);
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
    for (let i = 0; i < seconds * FRAMES_A_SECOND; i++) pass(1000 / FRAMES_A_SECOND);
  };
  return { store, pass, passSeconds, ends: () => ends };
}

test.each(SPEEDS.filter(Number.isFinite))(
  'at %d× the speed, five times as many steps pass in a second',
  (speed) => {
    const { store, passSeconds } = playbackOf({ speed });
    passSeconds(10);
    expect(Math.abs(store.state.moment - 50 * speed)).toBeLessThanOrEqual(1);
  },
);

test('at the greatest speed, every frame of the screen shows another step', () => {
  const { store, passSeconds } = playbackOf({ speed: Number.POSITIVE_INFINITY });
  const before = store.state.moment;
  passSeconds(10);
  expect(store.state.moment - before).toBe(10 * FRAMES_A_SECOND);
});

test('a page that was in the background does not catch up', () => {
  const { store, pass } = playbackOf({ speed: 8 });
  pass(60_000);
  expect(store.state.moment).toBe(10);
});

test('an end stays on screen for a while, shorter at greater speed', () => {
  const slow = playbackOf({ speed: 1, moment: LENGTH });
  slow.passSeconds(2);
  expect(slow.ends()).toBe(0);
  slow.passSeconds(0.5);
  expect(slow.ends()).toBe(1);
  const fast = playbackOf({ speed: 8, moment: LENGTH });
  fast.passSeconds(0.5);
  expect(fast.ends()).toBe(1);
});

test('nothing moves while paused', () => {
  const { store, passSeconds, ends } = playbackOf({ speed: 8, playing: false });
  passSeconds(10);
  expect([store.state.moment, ends()]).toEqual([0, 0]);
});
