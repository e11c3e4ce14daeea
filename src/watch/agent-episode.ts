import { greedyActions, sampleActions } from '../../agent/sampling.ts';
import { make, OptionError, Random } from '../../env/index.ts';
import { actionSeed, startSeed } from '../evaluation/episodes.ts';
import type { Mind } from './mind.ts';
import type { EpisodeRequest } from './protocol.ts';
import { Refusal } from './refusal.ts';
import { begun, Stage } from './stage.ts';
import type { Opening, Stretch, WrittenStep } from './written.ts';
import { writtenNumbers } from './written.ts';

/** What decides an agent's episode, down to its last step. */
export type EpisodePlan = Pick<EpisodeRequest, 'time' | 'seed' | 'policy' | 'branch'>;

/** An episode that an agent plays, some steps at a time. The same plan gives the same episode as `timegrid evaluate`. */
export class AgentEpisode {
  readonly #mind: Mind;
  readonly #plan: EpisodePlan;
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #state: Float32Array;
  readonly #start = Float32Array.of(1);
  readonly #action = new Int32Array(1);
  /** Steps taken ahead of the first `advance`: those before a branch. */
  #prefix: WrittenStep[] = [];

  private constructor(mind: Mind, plan: EpisodePlan) {
    this.#mind = mind;
    this.#plan = plan;
    this.#random = new Random(actionSeed(plan.seed));
    this.#state = new Float32Array(mind.stateSize);
    this.#stage = refusing(
      () => new Stage(make(mind.env.id, mind.env.options), startSeed(plan.seed), plan.time),
    );
  }

  /** @throws Refusal for a time that the world refuses, or a branch that it cannot take */
  static async open(mind: Mind, plan: EpisodePlan): Promise<AgentEpisode> {
    const episode = new AgentEpisode(mind, plan);
    if (plan.branch) await episode.#branch(plan.branch.at, plan.branch.time);
    return episode;
  }

  get opening(): Opening {
    return this.#stage.opening;
  }

  /** The pictures that are new since the last time. */
  takePictures(): Stretch['pictures'] {
    return this.#stage.pictures.take();
  }

  /** Plays on by at most `count` steps. */
  async advance(count: number): Promise<Stretch> {
    const steps = this.#prefix;
    this.#prefix = [];
    while (steps.length < count && !this.#stage.ending) steps.push(await this.#step());
    return { steps, pictures: this.takePictures(), ending: this.#stage.ending };
  }

  close(): void {
    this.#stage.close();
  }

  async #step(): Promise<WrittenStep> {
    const { actor, rewardScale, lstm } = this.#mind;
    const { observation } = this.#stage;
    if (actor.frames.count === actor.frames.capacity) actor.forget();
    const step = await actor.act(observation, this.#start, this.#state);
    const { probabilities, value, nextState } = step;
    this.#start[0] = 0;
    this.#state.set(nextState);
    if (this.#plan.policy === 'greedy') greedyActions(probabilities, this.#action);
    else sampleActions(probabilities, () => this.#random.uniform(), this.#action);
    const observed = this.#stage.observed();
    const accumulated = this.#mind.accumulated(nextState, observation.instruction);
    const extras = {
      observed: String(observed),
      pathway: writtenNumbers(accumulated),
      lstm: writtenNumbers(nextState.subarray(0, lstm)),
    };
    const thought = { probabilities, value: value[0]! / rewardScale, observed, extras };
    return this.#stage.step(this.#action[0]!, thought);
  }

  /** Plays up to moment `at`, and goes on from there in a world that was told another time. */
  async #branch(at: number, time: number): Promise<void> {
    const actions: number[] = [];
    while (actions.length < at) {
      this.#prefix.push(await this.#step());
      actions.push(this.#action[0]!);
      if (this.#stage.ending) return; // it is over before anything else was said
    }
    const { env } = this.#mind;
    const world = make(env.id, env.options);
    const observation = refusing(() => begun(world, startSeed(this.#plan.seed), time));
    for (const action of actions) {
      const { terminated, truncated } = world.step(action, observation);
      if (!terminated && !truncated) continue;
      throw new Refusal(
        'out-of-range',
        `told ${time} from the start, the world would be over before moment ${at}: branch earlier, or to a later time`,
      );
    }
    if (this.#stage.moveTo(world, observation, time)) return;
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
