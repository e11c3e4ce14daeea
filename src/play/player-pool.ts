import { Worker } from 'node:worker_threads';
import '../../agent/engines/telemetry.ts';
import { fromMessage } from '../common/thread-error.ts';
import type { EpisodeResult, EpisodeSpec } from './episodes.ts';
import { EpisodePlayer, type PlayPlan } from './player.ts';
import type { PlayerReply, PlayerRequest } from './player-worker.ts';

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
    threads === 0 ? [new PlayerHere()] : Array.from({ length: threads }, () => new PlayerThread());
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
  readonly #worker = new Worker(new URL('./player-worker.js', import.meta.url));
  readonly #exit = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));

  async create(plan: PlayPlan): Promise<void> {
    await this.#ask({ do: 'create', plan });
  }

  play(episodes: readonly EpisodeSpec[], onEnd: () => void): Promise<EpisodeResult[]> {
    return this.#ask({ do: 'play', episodes }, onEnd);
  }

  /** Never in the middle of a request: ending a thread within native code would end the process. */
  async close(): Promise<void> {
    this.#worker.postMessage({ do: 'close' } satisfies PlayerRequest);
    await this.#exit;
  }

  #ask(request: PlayerRequest, onEnd: () => void = () => {}): Promise<EpisodeResult[]> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void): void => {
        this.#worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        action();
      };
      const onMessage = (reply: PlayerReply): void => {
        if (reply === 'ended') onEnd();
        else if ('error' in reply) settle(() => reject(fromMessage(reply.error)));
        else settle(() => resolve(reply.result));
      };
      const onError = (error: unknown): void => settle(() => reject(error));
      const onExit = (code: number): void =>
        settle(() => reject(new Error(`a player's thread ended with code ${code}`)));
      this.#worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      this.#worker.postMessage(request);
    });
  }
}
