import { parentPort } from 'node:worker_threads';
import { type ErrorMessage, toMessage } from '../common/thread-error.ts';
import type { EpisodeResult, EpisodeSpec } from './episodes.ts';
import { EpisodePlayer, type PlayPlan } from './player.ts';

/** What a player's thread is told, one thing at a time; after `close` it ends. */
export type PlayerRequest =
  | { readonly do: 'create'; readonly plan: PlayPlan }
  | { readonly do: 'play'; readonly episodes: readonly EpisodeSpec[] }
  | { readonly do: 'close' };

/** What it says: that an episode has ended, and last the answer to the request. */
export type PlayerReply =
  | 'ended'
  | { readonly result: EpisodeResult[] }
  | { readonly error: ErrorMessage };

const port = parentPort!;
let player: EpisodePlayer | undefined;

async function answer(request: PlayerRequest): Promise<EpisodeResult[]> {
  switch (request.do) {
    case 'create':
      player = await EpisodePlayer.create(request.plan);
      return [];
    case 'play':
      return player!.play(request.episodes, () => port.postMessage('ended' satisfies PlayerReply));
    case 'close':
      try {
        player?.close();
      } finally {
        port.close();
      }
      return [];
  }
}

port.on('message', async (request: PlayerRequest) => {
  let reply: PlayerReply;
  try {
    reply = { result: await answer(request) };
  } catch (error) {
    reply = { error: toMessage(error) };
  }
  port.postMessage(reply);
});
