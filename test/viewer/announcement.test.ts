import { expect, test } from 'vitest';
import { announcementOf } from '../../viewer/announcement.ts';
import { Episode, type Track, type TrackEnding } from '../../viewer/episode.ts';
import { INITIAL } from '../../viewer/state.ts';

const NUMBER = {
  ...{ symbol: 't', meaning: 'time', countsSteps: true, maxReward: 10 },
  trained: [5, 12] as [number, number],
};

function trackOf(pane: number, actions: readonly number[], error: number): Track {
  const steps = actions.map((action) => ({
    ...{ action, reward: 0, probabilities: null, value: null, picture: 1, position: null },
  }));
  const metrics = { arrived: 1, exact: Number(error === 0), error };
  const facts = { how: 'terminated', return: 0, differsAt: null } as const;
  const ending: TrackEnding = { ...facts, steps: steps.length, metrics };
  const start = { isPerson: false, checkpoint: 'c', number: 4, picture: 1, position: null };
  return { ...start, pane, steps, ending };
}

const episode = new Episode({ number: 4, seed: 0, policy: 'greedy' }, NUMBER);
const tracks = [trackOf(0, [1, 1, 2, 2], 0), trackOf(1, [1, 1, 4, 4, 4, 4], 2)] as const;
for (const track of tracks) episode.tracks.set(track.pane, track);
const faces = tracks.map((track) => ({ title: `agent ${track.pane}`, episode, track }));
const news = (moment: number, changes = {}) =>
  announcementOf(faces, { ...INITIAL, episode, moment, ...changes });

test('what happened last is told: where agents first differ, and who has come in how', () => {
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

test('what goes by too fast to be listened to is not told', () => {
  expect(news(6, { playing: true, speed: 8 })).toBe('');
  expect(news(6, { playing: true, speed: 1 })).not.toBe('');
  expect(news(6, { playing: false, speed: 8 })).not.toBe('');
});
