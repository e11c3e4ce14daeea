import { expect, test } from 'vitest';
import { arriveAt, arriving } from '../../viewer/destination.ts';
import type { Episode } from '../../viewer/episode.ts';
import { type Destination, INITIAL, type State } from '../../viewer/state.ts';
import { endingOf, episodeOf, stepOf, trackOf } from './tracks.ts';

const END: Destination = { beforeEnd: 0, plays: false };
const LAST: Destination = { beforeEnd: 20, plays: true };
const waits = (count: number) => new Array<number>(count).fill(4);

/** An episode to arrive at step 50, of which one agent has played 10 steps and another 30, and nobody more. */
function begun() {
  const tracks = [trackOf(0, waits(10)), trackOf(1, waits(30))];
  return { tracks, episode: episodeOf(tracks, { number: 50 }) };
}

const stateOf = (episode: Episode | null, changes: Partial<State> = {}): State => ({
  ...INITIAL,
  ...{ episode, playing: false, going: END, ...changes },
});

test('a moment has arrived once every agent that still plays has steps up to it', () => {
  const { tracks, episode } = begun();
  const at = (moment: number) => arriveAt({ moment }, stateOf(episode));
  expect(at(10)).toEqual({ moment: 10, playing: false, going: null });
  expect(at(11)).toBeNull();
  tracks[0]!.ending = endingOf(10);
  expect(at(30)).toMatchObject({ moment: 30 });
  expect(at(31)).toBeNull();
  tracks[1]!.ending = endingOf(30);
  expect(at(9999)).toMatchObject({ moment: 30 });
});

test('the end, and the last steps, have arrived once every episode on screen has', () => {
  const { tracks, episode } = begun();
  tracks[0]!.ending = endingOf(10);
  const branch = episodeOf([trackOf(0, waits(45))]);
  const state = stateOf(episode, { branch, branching: 3 });
  expect(arriveAt(END, state)).toBeNull();
  tracks[1]!.ending = endingOf(30);
  expect(arriveAt(END, state)).toBeNull();
  branch.tracks.get(0)!.ending = endingOf(45);
  expect(arriveAt(END, state)).toEqual({ moment: 45, playing: false, going: null });
  expect(arriveAt(LAST, state)).toEqual({ moment: 25, playing: true, going: null });
  expect(arriveAt(END, { ...state, branch: null })).toBeNull(); // the branch is on its way
  expect(arriveAt(LAST, stateOf(episodeOf([trackOf(0, [1], endingOf(1))])))).toMatchObject({
    moment: 0,
  });
  expect(arriveAt(END, stateOf(null))).toBeNull();
});

test('how far it is counts the agent that is furthest behind, up to the step to arrive at', () => {
  const { tracks, episode } = begun();
  const state = stateOf(episode);
  expect(arriving(END, state)).toEqual({ arrived: 10, expected: 50 });
  expect(arriving({ moment: 40 }, state)).toEqual({ arrived: 10, expected: 40 });
  tracks[0]!.steps.push(stepOf(1));
  expect(arriving(LAST, state).arrived).toBe(11);
  const free = episodeOf(tracks, { number: null }, null);
  expect(arriving(END, stateOf(free))).toEqual({ arrived: 11, expected: null });
});
