import type { Step } from '../../src/watch/protocol.ts';
import { Episode, type EpisodeKey, type Track, type TrackEnding } from '../../viewer/episode.ts';

/** The number of the timed grid. */
export const NUMBER = {
  ...{ symbol: 't', meaning: 'time', countsSteps: true, maxReward: 10 },
  trained: [5, 12] as [number, number],
};

export const stepOf = (action: number, reward = 0): Step => ({
  ...{ action, reward, probabilities: null, value: null },
  ...{ picture: 100 + action, position: null },
});

/** An ending after some steps, as the world's metrics say. */
export const endingOf = (steps: number, metrics: TrackEnding['metrics'] = {}): TrackEnding => ({
  ...{ steps, metrics, how: 'terminated', return: 0, differsAt: null },
});

/** The part of an agent that takes these actions. */
export const trackOf = (
  pane: number,
  actions: readonly number[],
  ending: TrackEnding | null = null,
): Track => ({
  ...{ pane, isPerson: false, checkpoint: 'c', number: 5, picture: 1, position: null, ending },
  steps: actions.map((action) => stepOf(action)),
});

/** An episode with these tracks; by default of the timed grid, to arrive at step 5. */
export function episodeOf(
  tracks: readonly Track[],
  key: Partial<EpisodeKey> = {},
  number: Episode['number'] = NUMBER,
): Episode {
  const episode = new Episode({ number: 5, seed: 0, policy: 'greedy', ...key }, number);
  for (const track of tracks) episode.tracks.set(track.pane, track);
  return episode;
}
