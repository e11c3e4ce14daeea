import { type Env, make, Random } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import type { WorldChoice } from '../plugins/worlds.ts';
import type { Act, ActInput, ActOutput } from './act.ts';
import { chooseAction } from './choose-action.ts';
import { EpisodeRecorder, type RecorderSettings } from './episode-recorder.ts';
import { actionSeed, type EpisodeEnd, type EpisodePlan, startSeed } from './episodes.ts';
import { WorldEpisode } from './world-episode.ts';

/** An agent, as far as playing needs it. */
export interface PlayingAgent {
  readonly env: WorldChoice;
  /** Episodes that it acts in at once, at most. */
  readonly B: number;
  readonly stateSize: number;
  readonly act: Act;
}

export interface AgentEpisodeSettings {
  /** After which the episode is cut off. */
  readonly mostSteps?: number | undefined;
  /** Records the steps; without it, nothing is rendered. */
  readonly record?: RecorderSettings | undefined;
}

/** An episode that an agent plays, one step at a time. The same plan gives the same episode, however many are played at once. */
export class AgentEpisode implements ActInput {
  readonly recorder: EpisodeRecorder | null;
  readonly state: Float32Array;
  #start = 1;
  readonly #plan: EpisodePlan;
  readonly #episode: WorldEpisode;
  readonly #random: Random;

  /** Begins the episode, without regard to a branch. @throws as `WorldEpisode` does */
  constructor(
    { stateSize }: PlayingAgent,
    world: Env,
    plan: EpisodePlan,
    { mostSteps, record }: AgentEpisodeSettings = {},
  ) {
    const { seed, number, others } = plan;
    this.#plan = plan;
    this.#episode = new WorldEpisode(world, { seed: startSeed(seed), number, others }, mostSteps);
    this.#random = new Random(actionSeed(seed));
    this.state = new Float32Array(stateSize);
    this.recorder = record ? new EpisodeRecorder(this.#episode, record) : null;
  }

  /**
   * Begins the episode in a new world, and plays it up to its branch, if it has one.
   * @throws OptionError for a number that the world refuses, UsageError for a branch that it cannot take
   */
  static async open(
    agent: PlayingAgent,
    plan: EpisodePlan,
    settings: AgentEpisodeSettings,
  ): Promise<AgentEpisode> {
    const { id, options } = agent.env;
    const episode = new AgentEpisode(agent, make(id, options), plan, settings);
    try {
      if (plan.branch) await episode.#branch(agent, make(id, options), plan.branch);
    } catch (error) {
      episode.close();
      throw error;
    }
    return episode;
  }

  /** Plays episodes of one agent together, at most `count` steps of each. */
  static async advance(
    { act }: Pick<PlayingAgent, 'act'>,
    episodes: readonly AgentEpisode[],
    count: number,
  ): Promise<void> {
    let playing = episodes;
    for (let step = 0; step < count; step++) {
      playing = playing.filter(({ end }) => end === null);
      if (playing.length === 0) return;
      const outputs = await act(playing);
      for (const [i, episode] of playing.entries()) episode.#take(outputs[i]!);
    }
  }

  get observation() {
    return this.#episode.observation;
  }

  get start(): number {
    return this.#start;
  }

  /** Set once the episode is over. */
  get end(): EpisodeEnd | null {
    return this.#episode.end;
  }

  close(): void {
    this.#episode.close();
  }

  #take(output: ActOutput): number {
    this.#start = 0;
    this.state.set(output.nextState);
    const action = chooseAction(this.#plan.policy, output.probabilities, this.#random);
    if (this.recorder) this.recorder.step(action, output);
    else this.#episode.step(action);
    return action;
  }

  /** Plays up to moment `at`, and continues from there in a world that was told another number. */
  async #branch(
    { act }: PlayingAgent,
    world: Env,
    { at, number }: NonNullable<EpisodePlan['branch']>,
  ): Promise<void> {
    const actions: number[] = [];
    while (actions.length < at) {
      const [output] = await act([this]);
      actions.push(this.#take(output!));
      if (this.end) return; // it ended before the branch
    }
    const { seed, others } = this.#plan;
    const other = new WorldEpisode(world, { seed: startSeed(seed), number, others });
    if (!other.stepAll(actions) || other.end) {
      throw new UsageError(
        `with ${number} from the start, the world would end before moment ${at}: branch earlier, or to a later number`,
      );
    }
    if (this.#episode.continueIn(other)) return;
    throw new UsageError(
      `${world.spec.id} takes another course when it tells another number, so an episode cannot branch`,
    );
  }
}
