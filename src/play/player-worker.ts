import { type Reply, serveWorker } from '../common/serve-worker.ts';
import type { EpisodeSpec } from './episodes.ts';
import { EpisodePlayer, type PlayPlan } from './player.ts';

let player: EpisodePlayer | undefined;

const handlers = {
  async create(plan: PlayPlan) {
    player = await EpisodePlayer.create(plan);
  },
  play: (episodes: readonly EpisodeSpec[], { emit }: Reply<'ended'>) =>
    player!.play(episodes, () => emit('ended')),
};

export type PlayerHandlers = typeof handlers;

serveWorker(handlers, () => player?.close());
