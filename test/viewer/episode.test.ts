import { expect, test } from 'vitest';
import { heightAt } from '../../viewer/charts/aligned-lines.ts';
import {
  Episode,
  entropyOf,
  excuseOf,
  firstDifference,
  pictureAt,
  returnsOf,
  verdictOf,
  verdictText,
} from '../../viewer/episode.ts';
import { stopsUpTo } from '../../viewer/number-stops.ts';
import { TrackFold } from '../../viewer/track-fold.ts';
import { endingOf, episodeOf, NUMBER, stepOf, trackOf } from './tracks.ts';

test('agents first differ at the first step at which their actions differ', () => {
  expect(firstDifference(episodeOf([trackOf(0, [1, 2, 3]), trackOf(1, [1, 2, 0])]))).toBe(2);
  expect(firstDifference(episodeOf([trackOf(0, [1, 2]), trackOf(1, [1, 2])]))).toBeNull();
  expect(firstDifference(episodeOf([trackOf(0, [1, 2])]))).toBeNull();
});

test('agents differ once one has ended, but not while the steps of one are still missing', () => {
  const through = trackOf(0, [1], endingOf(1));
  expect(firstDifference(episodeOf([through, trackOf(1, [1, 2])]))).toBe(1);
  expect(firstDifference(episodeOf([trackOf(0, [1]), trackOf(1, [1, 2])]))).toBeNull();
});

test('the first difference is found as steps arrive, and again where an agent begins anew', () => {
  const tracks = [trackOf(0, [1]), trackOf(1, [1])];
  const episode = episodeOf(tracks);
  expect(firstDifference(episode)).toBeNull();
  tracks[0]!.steps.push(stepOf(1), stepOf(2));
  tracks[1]!.steps.push(stepOf(1));
  expect(firstDifference(episode)).toBeNull();
  tracks[1]!.steps.push(stepOf(3));
  expect(firstDifference(episode)).toBe(2);
  episode.tracks.set(1, trackOf(1, [0, 1, 2]));
  expect(firstDifference(episode)).toBe(0);
});

test('steps of a track are summed up once each, and from the start where there are fewer again', () => {
  const track = trackOf(0, [1, 2]);
  let added = 0;
  const sum = new TrackFold(0, (total, { action }) => {
    added += 1;
    return total + action;
  });
  expect([sum.of(track), sum.of(track), added]).toEqual([3, 3, 2]);
  track.steps.push(stepOf(4));
  expect([sum.of(track), added]).toEqual([7, 3]);
  track.steps.length = 1;
  expect(sum.of(track)).toBe(1);
});

test.each([
  [{ arrived: 1, exact: 1, error: 0 }, 'On time'],
  [{ arrived: 1, exact: 0, error: -1 }, '1 step early'],
  [{ arrived: 1, exact: 0, error: 3 }, '3 steps late'],
  [{ arrived: 0, exact: 0 }, 'Never arrived'],
])('an ending with %o reads "%s"', (metrics, says) => {
  const track = trackOf(0, [1], endingOf(5, metrics));
  expect(verdictText(verdictOf(episodeOf([track]), track)!)).toBe(says);
  expect(verdictOf(episodeOf([track]), trackOf(0, [1]))).toBeNull();
});

test('where the world says so, the end of a track has an excuse', () => {
  const excuse = (said: object) => excuseOf(trackOf(0, [1], { ...endingOf(5), ...said }));
  expect(excuse({ canBeExact: false })).toBe('nobody could be exact');
  expect(excuse({ canBeExact: true })).toBeNull();
  expect(excuse({})).toBeNull();
  expect(excuseOf(trackOf(0, [1]))).toBeNull();
});

test('where a world tells two times, an arrival at the second is exact only if the first was met too', () => {
  const first = {
    ...{ option: 'first', symbol: 't1', meaning: 'first time', countsSteps: true },
    trained: [1, 3] as [number, number],
  };
  const key = { number: 5, seed: 0, policy: 'greedy' } as const;
  const says = (metrics: Record<string, number>, others = [first]) => {
    const episode = new Episode(key, NUMBER, others);
    return verdictText(verdictOf(episode, trackOf(0, [1], endingOf(5, metrics)))!);
  };
  expect(says({ arrived: 1, exact: 0, firstExact: 0, error: 0 })).toBe('First time missed');
  expect(says({ arrived: 1, exact: 1, firstExact: 1, error: 0 })).toBe('On time');
  expect(says({ arrived: 1, exact: 0, firstExact: 0, error: 2 })).toBe('2 steps late');
  expect(says({ arrived: 1, exact: 0, error: 0 }, [first, { ...first, option: 'next' }])).toBe(
    'Another number missed',
  );
});

test('without a number, the verdict is the reward', () => {
  const track = trackOf(0, [1], { ...endingOf(1), return: 2.5 });
  const episode = episodeOf([track], { number: null }, null);
  expect(verdictText(verdictOf(episode, track)!)).toBe('Reward 2.50');
});

test.each([
  [{ arrived: 1, exact: 1, error: 0 }, 'Exact'],
  [{ arrived: 1, exact: 0, error: -1 }, '1 too few'],
  [{ arrived: 1, exact: 0, error: 2 }, '2 too many'],
  [{ arrived: 0, exact: 0 }, 'Not done'],
  [{}, 'Reward 0.00'],
])('where the number does not count steps, an ending with %o reads "%s"', (metrics, says) => {
  const coins = { ...NUMBER, symbol: 'k', meaning: 'coins', countsSteps: false };
  const track = trackOf(0, [1], endingOf(5, metrics));
  const episode = episodeOf([track], {}, coins);
  expect(verdictText(verdictOf(episode, track)!)).toBe(says);
  expect([episode.numberAt(0), episode.dueAt(0)]).toEqual([5, null]);
});

test('a line has interpolated heights between its points, and none beyond them', () => {
  const [x, y] = [
    [0, 1, 2, 4, 5],
    [undefined, 3, undefined, 6, undefined],
  ];
  const heights = [0.5, 1, 2, 3, 4, 4.5].map((at) => heightAt(x, y, at));
  expect(heights).toEqual([null, 3, 4, 5, 6, null]);
});

test('from the branch on, the other number holds', () => {
  const episode = episodeOf([], { branch: { at: 3, number: 9 } });
  expect([2, 3, 4].map((moment) => episode.numberAt(moment))).toEqual([5, 9, 9]);
});

test('an episode knows every number, fixed or drawn, the main one last', () => {
  const first = {
    ...{ option: 'first', symbol: 'a', meaning: 'first' },
    ...{ countsSteps: true, trained: [1, 3] as [number, number] },
  };
  const told = (episode: Episode) =>
    episode.numbersAt(2).map(({ symbol, value }) => `${symbol} = ${value}`);
  const key = { number: 5, seed: 0, policy: 'greedy' } as const;
  const drawn = new Episode(key, NUMBER, [first]);
  expect(told(drawn)).toEqual(['t = 5']);
  drawn.tracks.set(0, { ...trackOf(0, []), numbers: { first: 2, time: 5 } });
  expect(told(drawn)).toEqual(['a = 2', 't = 5']);
  const branch = { at: 1, number: 9 };
  const fixed = new Episode({ ...key, others: { first: 7 }, branch }, NUMBER, [first]);
  expect(told(fixed)).toEqual(['a = 7', 't = 9']);
});

test('where each unit has as many steps as another number says, their product is the step to arrive at', () => {
  const pace = {
    ...{ option: 'pace', symbol: 'p', meaning: 'steps of a beat' },
    ...{ countsSteps: false, trained: [2, 4] as [number, number] },
  };
  const beats = { ...NUMBER, symbol: 'b', meaning: 'beats', countsSteps: false, stepsEach: 'pace' };
  const key = { number: 10, seed: 0, policy: 'greedy' } as const;
  const branch = { at: 5, number: 3 };
  const episode = new Episode({ ...key, others: { pace: 7 }, branch }, beats, [pace]);
  expect([episode.dueAt(4), episode.dueAt(5), episode.dueSymbol]).toEqual([70, 21, 'p · b']);
  const track = trackOf(0, [1, 1, 1], endingOf(3, { arrived: 1, exact: 0, error: -67 }));
  expect(verdictText(verdictOf(episode, track)!)).toBe('67 steps early');
  expect(new Episode(key, beats, [pace]).dueAt(0)).toBeNull();
  expect(episodeOf([]).dueSymbol).toBe('t');
});

test('a moment shows the picture after as many steps, and after the end the last one', () => {
  const track = trackOf(0, [1, 2]);
  expect([0, 1, 2, 7].map((moment) => pictureAt(track, moment))).toEqual([1, 101, 102, 102]);
});

test('returns are discounted from the end', () => {
  const track = { ...trackOf(0, []), steps: [stepOf(0, 1), stepOf(0, 0), stepOf(0, 4)] };
  expect([...returnsOf(track, 0.5)]).toEqual([2, 2, 4]);
});

test('entropy is greatest for equal probabilities, and zero for a certain action', () => {
  expect(entropyOf([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(Math.log(4));
  expect(entropyOf([0, 1, 0])).toBeCloseTo(0);
});

test('the slider stops at every number near the training range, and then at round ones', () => {
  const stops = stopsUpTo(16_000, [1, 12]);
  expect(stops.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  const [tens, hundreds] = [
    [50, 60, 70, 80, 90],
    [100, 200, 500, 1000, 2000, 5000, 10_000],
  ];
  expect(stops.slice(40)).toEqual([...tens, ...hundreds]);
  expect(stopsUpTo(7, [1, 12])).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(stopsUpTo(2, [0, 12])).toEqual([0, 1, 2]);
  const far = stopsUpTo(16_000, [1, 1000]);
  expect(far.slice(0, 4)).toEqual([1, 50, 100, 150]);
  expect(far.slice(-4)).toEqual([7000, 8000, 9000, 10_000]);
  expect(far.length).toBeLessThan(50);
});
