import { type Reply, serveWorker } from '../common/serve-worker.ts';
import type { EpisodeEnd, EpisodePlan } from './episodes.ts';
import { type AgentData, Player } from './player.ts';

let player: Player | undefined;

const handlers = {
  async load(agent: AgentData) {
    player = await Player.load(agent);
  },
  /** Emits at each end. */
  async play(plans: readonly EpisodePlan[], { emit }: Reply<'ended'>): Promise<EpisodeEnd[]> {
    const played = await player!.play(plans, { onEnd: () => emit('ended') });
    return played.map(({ end }) => end);
  },
};

export type PlayerHandlers = typeof handlers;

serveWorker(handlers, () => player?.close());
