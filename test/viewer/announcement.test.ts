import { expect, test } from 'vitest';
import { announcementOf } from '../../viewer/announcement.ts';
import { INITIAL } from '../../viewer/state.ts';
import { endingOf, episodeOf, trackOf } from './tracks.ts';

const arrival = (steps: number, error: number) =>
  endingOf(steps, { arrived: 1, exact: Number(error === 0), error });
const tracks = [
  trackOf(0, [1, 1, 2, 2], arrival(4, 0)),
  trackOf(1, [1, 1, 4, 4, 4, 4], arrival(6, 2)),
] as const;
const episode = episodeOf(tracks, { number: 4 });
const players = tracks.map((track) => ({ title: `agent ${track.pane}`, episode, track }));
const news = (moment: number, changes = {}) =>
  announcementOf(players, { ...INITIAL, episode, moment, ...changes });

test('the latest event is announced: the first different action, and each arrival', () => {
  expect([0, 1, 2, 3, 4, 5, 6].map((moment) => news(moment))).toEqual([
    '',
    '',
    'Step 2: first different action.',
    'Step 2: first different action.',
    'Step 4: agent 0: On time.',
    'Step 4: agent 0: On time.',
    'Step 6: agent 1: 2 steps late.',
  ]);
});

test('nothing is announced while playback is too fast to listen to', () => {
  expect(news(6, { playing: true, speed: 8 })).toBe('');
  expect(news(6, { playing: true, speed: 1 })).not.toBe('');
  expect(news(6, { playing: false, speed: 8 })).not.toBe('');
});
