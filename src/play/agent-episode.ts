import { greedyActions, sampleActions } from '../../agent/sampling.ts';
import { make, OptionError, Random } from '../../env/index.ts';
import type { EpisodeRequest } from '../watch/protocol.ts';
import { Refusal } from '../watch/refusal.ts';
import type { ActInput, ActingAgent, ActOutput } from './acting-agent.ts';
import { actionSeed, startSeed } from './episodes.ts';
import { begun, RecordedWorld, stepped } from './recorded-world.ts';
import type { EpisodeStart, NewSteps, WrittenStep } from './written-step.ts';
import { writtenNumbers } from './written-step.ts';

/** What decides an agent's episode, down to its last step. */
export type EpisodePlan = Pick<EpisodeRequest, 'number' | 'seed' | 'policy' | 'branch'>;

/** An episode that an agent plays, some steps at a time. The same plan gives the same episode as `timegrid evaluate`. */
export class AgentEpisode {
  readonly #mind: ActingAgent;
  readonly #plan: EpisodePlan;
  readonly #stage: RecordedWorld;
  readonly #random: Random;
  readonly #state: Float32Array;
  #start = 1;
  readonly #action = new Int32Array(1);
  /** Steps taken ahead of the first `advance`: those before a branch. */
  readonly #prefix: WrittenStep[] = [];

  private constructor(mind: ActingAgent, plan: EpisodePlan) {
    this.#mind = mind;
    this.#plan = plan;
    this.#random = new Random(actionSeed(plan.seed));
    this.#state = new Float32Array(mind.stateSize);
    this.#stage = refusing(
      () =>
        new RecordedWorld(make(mind.env.id, mind.env.options), startSeed(plan.seed), plan.number),
    );
  }

  /** @throws Refusal for a time that the world refuses, or a branch that it cannot take */
  static async open(mind: ActingAgent, plan: EpisodePlan): Promise<AgentEpisode> {
    const episode = new AgentEpisode(mind, plan);
    if (plan.branch) await episode.#branch(plan.branch.at, plan.branch.number);
    return episode;
  }

  get opening(): EpisodeStart {
    return this.#stage.opening;
  }

  /** The pictures that are new since the last time. */
  takePictures(): NewSteps['pictures'] {
    return this.#stage.pictures.take();
  }

  /**
   * Plays episodes of one agent on together.
   * @param count steps of each; less where it ends before
   */
  static async advance(episodes: readonly AgentEpisode[], count: number): Promise<NewSteps[]> {
    const played = episodes.map((episode) => episode.#prefix.splice(0));
    for (;;) {
      const going = [...episodes.keys()].filter(
        (i) => played[i]!.length < count && !episodes[i]!.#stage.ending,
      );
      if (going.length === 0) break;
      const { act } = episodes[0]!.#mind;
      const responses = await act(going.map((i) => episodes[i]!.#situation));
      for (const [row, i] of going.entries()) {
        played[i]!.push(episodes[i]!.#step(responses[row]!));
      }
    }
    return episodes.map((episode, i) => ({
      steps: played[i]!,
      pictures: episode.takePictures(),
      ending: episode.#stage.ending,
    }));
  }

  close(): void {
    this.#stage.close();
  }

  /** What the agent has to act on next. */
  get #situation(): ActInput {
    return { observation: this.#stage.observation, start: this.#start, state: this.#state };
  }

  #step({ probabilities, value, nextState }: ActOutput): WrittenStep {
    const { lstm, accumulated } = this.#mind;
    this.#start = 0;
    this.#state.set(nextState);
    if (this.#plan.policy === 'greedy') greedyActions(probabilities, this.#action);
    else sampleActions(probabilities, () => this.#random.uniform(), this.#action);
    const observed = this.#stage.observed();
    const extras = {
      observed: String(observed),
      pathway: writtenNumbers(accumulated(nextState, this.#stage.observation.instruction)),
      lstm: writtenNumbers(nextState.subarray(0, lstm)),
    };
    return this.#stage.step(this.#action[0]!, { probabilities, value, observed, extras });
  }

  /** Plays up to moment `at`, and goes on from there in a world that was told another time. */
  async #branch(at: number, number: number): Promise<void> {
    const actions: number[] = [];
    while (actions.length < at) {
      const [response] = await this.#mind.act([this.#situation]);
      this.#prefix.push(this.#step(response!));
      actions.push(this.#action[0]!);
      if (this.#stage.ending) return; // it is over before anything else was said
    }
    const { env } = this.#mind;
    const world = make(env.id, env.options);
    const observation = refusing(() => begun(world, startSeed(this.#plan.seed), number));
    for (const [step, action] of actions.entries()) {
      const { terminated, truncated } = stepped(world, step + 1, action, observation);
      if (!terminated && !truncated) continue;
      throw new Refusal(
        'out-of-range',
        `told ${number} from the start, the world would be over before moment ${at}: branch earlier, or to a later number`,
      );
    }
    if (this.#stage.moveTo(world, observation, number)) return;
    throw new Refusal(
      'out-of-range',
      `${env.id} goes another way when it is told another time, so there is no branch`,
    );
  }
}

/** Runs `action`; what the world says against an option becomes a refusal. */
export function refusing<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof OptionError) throw new Refusal('out-of-range', error.message);
    throw error;
  }
}
