import { rememberActions } from '../../agent/last-action.ts';
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
  readonly actionSlots: number;
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
  readonly #actionSlots: number;
  readonly #plan: EpisodePlan;
  readonly #episode: WorldEpisode;
  readonly #random: Random;
  readonly #env: string;
  /** Takes the same actions after being told the number of the branch; null where there is none to come. */
  #other: WorldEpisode | null = null;
  #failure: { readonly error: unknown } | null = null;

  /** Begins the episode, without regard to a branch. @throws as `WorldEpisode` does */
  constructor(
    { env, stateSize, actionSlots }: PlayingAgent,
    world: Env,
    plan: EpisodePlan,
    { mostSteps, record }: AgentEpisodeSettings = {},
  ) {
    const { seed, number, others } = plan;
    this.#plan = plan;
    this.#env = env.id;
    this.#episode = new WorldEpisode(world, { seed: startSeed(seed), number, others }, mostSteps);
    this.#random = new Random(actionSeed(seed));
    this.state = new Float32Array(stateSize);
    this.#actionSlots = actionSlots;
    this.recorder = record ? new EpisodeRecorder(this.#episode, record) : null;
  }

  /**
   * Begins the episode in a new world. A branch is prepared step by step in a second one.
   * @throws OptionError for a number that the world refuses
   */
  static open(
    agent: PlayingAgent,
    plan: EpisodePlan,
    settings: AgentEpisodeSettings,
  ): AgentEpisode {
    const { id, options } = agent.env;
    const episode = new AgentEpisode(agent, make(id, options), plan, settings);
    if (!plan.branch) return episode;
    try {
      const { seed, others, branch } = plan;
      const start = { seed: startSeed(seed), number: branch.number, others };
      episode.#other = new WorldEpisode(make(id, options), start);
      episode.#branchOff();
    } catch (error) {
      episode.close();
      throw error;
    }
    return episode;
  }

  /** Plays episodes of one agent together, at most `count` steps of each. One that fails has a `failure`, and the others go on. */
  static async advance(
    { act }: Pick<PlayingAgent, 'act'>,
    episodes: readonly AgentEpisode[],
    count: number,
  ): Promise<void> {
    let playing = episodes;
    for (let step = 0; step < count; step++) {
      playing = playing.filter(({ end, failure }) => end === null && failure === null);
      if (playing.length === 0) return;
      const outputs = await act(playing);
      for (const [i, episode] of playing.entries()) {
        try {
          episode.#take(outputs[i]!);
        } catch (error) {
          episode.#failure = { error };
        }
      }
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

  /**
   * Why it cannot be played further; null where it can. The error: WorldError where the world throws or breaks a rule, UsageError for
   * a branch that the world cannot take.
   */
  get failure(): { readonly error: unknown } | null {
    return this.#failure;
  }

  close(): void {
    this.#episode.close();
    this.#other?.close();
  }

  #take(output: ActOutput): void {
    this.#start = 0;
    this.state.set(output.nextState);
    const action = chooseAction(this.#plan.policy, output.probabilities, this.#random);
    rememberActions(this.state, [action], this.#actionSlots);
    if (this.recorder) this.recorder.step(action, output);
    else this.#episode.step(action);
    if (!this.#other) return;
    if (!this.#other.end) this.#other.step(action);
    if (!this.end) this.#branchOff();
  }

  /** At the moment of its branch, continues in the world that was told another number. */
  #branchOff(): void {
    const { at, number } = this.#plan.branch!;
    const other = this.#other!;
    if (this.#episode.steps < at) return;
    if (other.end) {
      throw new UsageError(
        `with ${number} from the start, the world would end before moment ${at}: branch earlier, or to a later number`,
      );
    }
    if (!this.#episode.continueIn(other)) {
      throw new UsageError(
        `${this.#env} takes another course when it tells another number, so an episode cannot branch`,
      );
    }
    this.#other = null;
  }
}
