import '../../agent/engines/telemetry.ts';
import { allSettled, WorkerClient } from '../common/worker-client.ts';
import type { EpisodeEnd, EpisodePlan } from './episodes.ts';
import { type AgentData, Player } from './player.ts';
import type { PlayerHandlers } from './player-worker.ts';

/** A player in this thread or another. */
interface UnitPlayer {
  play(plans: readonly EpisodePlan[]): Promise<EpisodeEnd[]>;
  close(): void | Promise<void>;
}

/**
 * Plays units of episodes, each as a whole in one of `threads` threads, whichever is free next; with none, in this one.
 * @param onEnd called at each end
 * @param signal stops between two units
 * @returns how each episode went, by unit
 * @throws the signal's reason once it aborts
 */
export async function playUnits(
  agent: AgentData,
  units: readonly (readonly EpisodePlan[])[],
  threads: number,
  onEnd: () => void,
  signal?: AbortSignal,
): Promise<EpisodeEnd[][]> {
  const ends: EpisodeEnd[][] = new Array(units.length);
  let next = 0;
  let failed = false;
  const work = async (start: typeof playHere): Promise<void> => {
    try {
      const player = await start(agent, onEnd);
      try {
        while (next < units.length && !failed) {
          signal?.throwIfAborted();
          const unit = next++;
          ends[unit] = await player.play(units[unit]!);
        }
      } finally {
        await player.close();
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const players = threads === 0 ? [playHere] : Array.from({ length: threads }, () => playApart);
  await allSettled(players.map(work));
  return ends;
}

async function playHere(agent: AgentData, onEnd: () => void): Promise<UnitPlayer> {
  const player = await Player.load(agent);
  return {
    play: async (plans) => (await player.play(plans, { onEnd })).map(({ end }) => end),
    close: () => player.close(),
  };
}

async function playApart(agent: AgentData, onEnd: () => void): Promise<UnitPlayer> {
  const file = new URL('./player-worker.js', import.meta.url);
  const worker = new WorkerClient<PlayerHandlers>(file, { name: agent.env.id });
  try {
    await worker.ask('load', agent);
  } catch (error) {
    await worker.close();
    throw error;
  }
  return {
    play: (plans) => worker.ask('play', plans, onEnd),
    close: () => worker.close(),
  };
}
