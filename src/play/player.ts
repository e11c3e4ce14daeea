import type { Blueprint } from '../../agent/blueprint.ts';
import { guardClose } from '../../env/guard/guarded-calls.ts';
import { type Env, make } from '../../env/index.ts';
import { requirePathway } from '../plugins/pathways.ts';
import { requireWorld, type WorldChoice } from '../plugins/worlds.ts';
import { createAct, loadActPrograms } from './act.ts';
import { AgentEpisode, type AgentEpisodeSettings, type PlayingAgent } from './agent-episode.ts';
import type { EpisodeEnd, EpisodePlan } from './episodes.ts';

/** An agent as plain data, for a thread. */
export interface AgentData {
  readonly blueprint: Blueprint;
  readonly env: WorldChoice;
  /** All parameters, float32 [P]. */
  readonly parameters: Float32Array;
}

export interface PlayHooks {
  /** Called at each end. */
  onEnd?(): void;
  /** How an episode is recorded, if at all. */
  settings?: AgentEpisodeSettings;
}

/** An episode that was played to its end. */
export interface PlayedEpisode extends Pick<AgentEpisode, 'recorder'> {
  readonly end: EpisodeEnd;
}

/** Plays any number of episodes with one agent, as many at once as it acts in. Its worlds are used again and again. */
export class Player {
  readonly #agent: PlayingAgent;
  readonly #worlds: Env[] = [];

  constructor(agent: PlayingAgent) {
    this.#agent = agent;
  }

  static async load({ blueprint, env, parameters }: AgentData): Promise<Player> {
    await requirePathway(blueprint);
    await requireWorld(env);
    const { B, stateSize, actionSlots } = blueprint;
    const act = createAct(blueprint, await loadActPrograms(blueprint), parameters);
    return new Player({ env, B, stateSize, actionSlots, act });
  }

  /**
   * Plays each episode to its end. A world whose episode has ended begins the next one.
   * @param plans without branches
   * @returns how each went, in the order of `plans`
   */
  async play(
    plans: readonly EpisodePlan[],
    { onEnd, settings }: PlayHooks = {},
  ): Promise<PlayedEpisode[]> {
    const { B, env } = this.#agent;
    while (this.#worlds.length < Math.min(B, plans.length)) {
      this.#worlds.push(make(env.id, env.options));
    }
    const played: PlayedEpisode[] = new Array(plans.length);
    let next = 0;
    const begin = (world: Env) => {
      const index = next++;
      return {
        index,
        world,
        episode: new AgentEpisode(this.#agent, world, plans[index]!, settings),
      };
    };
    let playing = this.#worlds.slice(0, plans.length).map(begin);
    while (playing.length > 0) {
      await AgentEpisode.advance(
        this.#agent,
        playing.map(({ episode }) => episode),
        1,
      );
      playing = playing.flatMap((one) => {
        const { index, world, episode } = one;
        if (episode.failure) throw episode.failure.error;
        if (!episode.end) return [one];
        played[index] = { end: episode.end, recorder: episode.recorder };
        onEnd?.();
        return next < plans.length ? [begin(world)] : [];
      });
    }
    return played;
  }

  close(): void {
    for (const world of this.#worlds) guardClose(world);
  }
}
