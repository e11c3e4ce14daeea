import '../../agent/engines/telemetry.ts';
import { WorkerClient } from '../common/worker-client.ts';
import type { EpisodeResult, EpisodeSpec } from './episodes.ts';
import { EpisodePlayer, type PlayPlan } from './player.ts';
import type { PlayerHandlers } from './player-worker.ts';

/**
 * Plays units of episodes, each as a whole in one of `threads` threads, whichever is free next; with none, in this one.
 * @param onEnd called at each ending
 * @returns how each episode went, by unit
 */
export async function playUnits(
  plan: PlayPlan,
  units: readonly (readonly EpisodeSpec[])[],
  threads: number,
  onEnd: () => void,
): Promise<EpisodeResult[][]> {
  const players: Pick<PlayerThread, 'create' | 'play' | 'close'>[] =
    threads === 0
      ? [new PlayerHere()]
      : Array.from({ length: threads }, () => new PlayerThread(plan));
  const endings: EpisodeResult[][] = new Array(units.length);
  let next = 0;
  let failed = false;
  const work = async (player: (typeof players)[number]): Promise<void> => {
    try {
      await player.create(plan);
      while (next < units.length && !failed) {
        const unit = next++;
        endings[unit] = await player.play(units[unit]!, onEnd);
      }
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      await player.close();
    }
  };
  const outcomes = await Promise.allSettled(players.map(work));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return endings;
}

/** A player in this thread. */
class PlayerHere {
  #player: EpisodePlayer | undefined;

  async create(plan: PlayPlan): Promise<void> {
    this.#player = await EpisodePlayer.create(plan);
  }

  play(episodes: readonly EpisodeSpec[], onEnd: () => void): Promise<EpisodeResult[]> {
    return this.#player!.play(episodes, onEnd);
  }

  async close(): Promise<void> {
    this.#player?.close();
  }
}

/** A player in a thread of its own. */
class PlayerThread {
  readonly #worker: WorkerClient<PlayerHandlers>;

  constructor({ env }: PlayPlan) {
    const file = new URL('./player-worker.js', import.meta.url);
    this.#worker = new WorkerClient(file, { name: env.id });
  }

  create(plan: PlayPlan): Promise<void> {
    return this.#worker.ask('create', plan);
  }

  play(episodes: readonly EpisodeSpec[], onEnd: () => void): Promise<EpisodeResult[]> {
    return this.#worker.ask('play', episodes, onEnd);
  }

  close(): Promise<void> {
    return this.#worker.close();
  }
}
