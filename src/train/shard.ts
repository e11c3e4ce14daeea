import { Actor } from '../../agent/actor.ts';
import { type Blueprint, loadProgram } from '../../agent/blueprint.ts';
import type { LearningEncoder } from '../../agent/encoder/encoder.ts';
import { loadEncoder } from '../../agent/encoder/load-encoder.ts';
import type { Engine, Runner } from '../../agent/engines/engine.ts';
import { rememberActions } from '../../agent/last-action.ts';
import { Learner, type LearningSignals, type LossWeights } from '../../agent/learner.ts';
import { views } from '../../agent/parameters.ts';
import { type Outcome, Rollout } from '../../agent/rollout.ts';
import { sampleActions } from '../../agent/sampling.ts';
import type { Json } from '../../env/contract.ts';
import { EnvVector, make, Random } from '../../env/index.ts';
import type { WorldChoice } from '../plugins/worlds.ts';
import type { Worlds } from './env-workers/worlds.ts';
import { LastObservations } from './last-observations.ts';
import { callWorlds, type Pulse } from './unresponsive.ts';

/** One thread's share of a training: its worlds, its programs, and the memory it shares with the others. */
export interface ShardPlan {
  readonly blueprint: Blueprint;
  readonly env: WorldChoice;
  /** One for each world. */
  readonly seeds: readonly string[];
  /** The index of its first world, and how many worlds all shards have together. */
  readonly share?: { readonly first: number; readonly of: number };
  /** Threads that step its worlds; none by default. They do not change the result. */
  readonly envWorkers?: number;
  /** Shows whether it is waiting for its worlds. */
  readonly pulse?: Pulse | undefined;
  readonly actionSeed: string;
  /** All parameters, read by every shard: float32 [P], in shared memory. */
  readonly parameters: Float32Array;
  /** This shard's gradient: float32 [P], in shared memory. */
  readonly gradient: Float32Array;
}

/** An episode that ended during a rollout. */
export interface FinishedEpisode {
  readonly return: number;
  readonly length: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What a shard reports of one rollout; sums are over its T · B steps. */
export interface ShardReport extends Omit<LearningSignals, 'unrolled'> {
  readonly episodes: readonly FinishedEpisode[];
  readonly distinctFrames: number;
  readonly advantageSquareSum: number;
  readonly returnSum: number;
  readonly returnSquareSum: number;
  readonly errorSum: number;
  readonly errorSquareSum: number;
}

/** Everything that decides how a shard continues, except the parameters. */
export interface ShardState {
  readonly worlds: Json;
  readonly actionRandom: Json;
  /** Recurrent state [B, S] and episode starts [B] before the next step. */
  readonly recurrent: Float32Array;
  readonly start: Float32Array;
}

/** What a shard is made of. */
interface Parts {
  /** This thread's own: ONNX Runtime takes no shared memory. */
  readonly parameters: Float32Array;
  readonly gradient: Float32Array;
  readonly encoder: LearningEncoder;
  readonly act: Runner;
  readonly gradients: Runner;
}

/** Acts and learns in a share of the worlds. */
export class Shard {
  readonly actor: Actor;
  readonly learner: Learner;
  readonly rollout: Rollout;
  readonly #plan: ShardPlan;
  readonly #worlds: Worlds;
  readonly #observation;
  /** What encoding made of the rollout's frames, [T·B, driveSize]. */
  readonly #drives: Float32Array;
  readonly #start: Float32Array;
  readonly #state: Float32Array;
  readonly #index: Int32Array;
  readonly #dropped: Float32Array;
  readonly #action: Int32Array;
  readonly #reward: Float32Array;
  readonly #last: LastObservations;
  /** ONNX Runtime takes no shared memory, so the shard works on copies. */
  readonly #parameters: Float32Array;
  readonly #gradient: Float32Array;
  #random: Random;

  private constructor(plan: ShardPlan, worlds: Worlds, { parameters, gradient, ...parts }: Parts) {
    const { B, stateSize, driveSize, layout, recipe } = plan.blueprint;
    const { world, config } = recipe;
    this.#plan = plan;
    this.#worlds = worlds;
    this.#parameters = parameters;
    this.#gradient = gradient;
    const { encoder } = parts;
    const named = views(layout, parameters);
    this.#drives = new Float32Array(config.steps * B * driveSize);
    this.actor = new Actor({ B, driveSize, parameters: named }, encoder, parts.act);
    this.learner = new Learner(
      parts.gradients,
      encoder,
      named,
      views(layout, gradient),
      this.#drives,
    );
    this.rollout = new Rollout({ T: config.steps, B, k: world.instruction, stateSize });
    this.#observation = worlds.allocate();
    this.#last = new LastObservations(worlds.allocate(), B, stateSize);
    this.#start = new Float32Array(B).fill(1);
    this.#state = new Float32Array(B * stateSize);
    this.#index = new Int32Array(B);
    this.#dropped = new Float32Array(B);
    this.#action = new Int32Array(B);
    this.#reward = new Float32Array(B);
    this.#random = new Random(plan.actionSeed);
  }

  /**
   * @param worlds its own; by default this thread makes and steps them
   * @param engine what loads its programs, in place of the blueprint's own engine: for measuring them
   */
  static async create(plan: ShardPlan, worlds = worldsOf(plan), engine?: Engine): Promise<Shard> {
    const { blueprint, seeds } = plan;
    const { layout, recipe } = blueprint;
    const parameters = new Float32Array(layout.size);
    const gradient = new Float32Array(layout.size);
    // In the worst case every frame is new, including those after the last step and the last of every episode.
    const capacity = 2 * (recipe.config.steps + 1) * blueprint.B;
    const memory = [views(layout, parameters), views(layout, gradient)] as const;
    const shard = new Shard(plan, worlds, {
      ...{ parameters, gradient },
      encoder: await loadEncoder(blueprint, capacity, ...memory, engine),
      act: await loadProgram(blueprint, 'act', engine),
      gradients: await loadProgram(blueprint, 'gradients', engine),
    });
    await callWorlds(plan.pulse, () => worlds.reset({ seeds }, shard.#observation));
    return shard;
  }

  /** Fills a rollout with the present parameters and computes its gradient. */
  async advance(weights?: LossWeights): Promise<ShardReport> {
    const episodes = await this.act();
    return { episodes, ...(await this.learn(weights)) };
  }

  /** Fills the rollout with the present parameters: act, step, append. */
  async act(): Promise<FinishedEpisode[]> {
    const { blueprint, pulse } = this.#plan;
    const { discount, gaeLambda } = blueprint.recipe.config;
    const episodes: FinishedEpisode[] = [];
    this.#parameters.set(this.#plan.parameters);
    this.actor.encoder.forget();
    this.rollout.begin(this.#state);
    while (!this.rollout.full) {
      this.#dropMemory();
      const step = await this.actor.act(
        this.#observation,
        this.#start,
        this.#state,
        this.#index,
        this.#drivesOf(this.rollout.steps),
      );
      sampleActions(step.probabilities, () => this.#random.uniform(), this.#action);
      rememberActions(step.nextState, this.#action, this.#plan.blueprint.actionSlots);
      // The worlds overwrite the observation, of which the rollout keeps the instruction.
      const instruction = this.#observation.instruction.slice();
      const seen = { index: this.#index, instruction, start: this.#start, dropped: this.#dropped };
      await callWorlds(pulse, () => this.#worlds.step(this.#action, this.#observation));
      this.rollout.append(seen, step, this.#action, this.#outcome());
      await this.#keepLast(step.nextState);
      this.#state.set(step.nextState);
      this.#collect(episodes);
    }
    await this.#valueLast();
    const last = await this.actor.act(this.#observation, this.#start, this.#state);
    this.rollout.finish(last.value, discount, gaeLambda);
    return episodes;
  }

  /** Computes the gradient of the rollout that `act` has filled, with the parameters that filled it. */
  async learn(weights?: LossWeights): Promise<Omit<ShardReport, 'episodes'>> {
    const { config } = this.#plan.blueprint.recipe;
    const { actor, learner, rollout } = this;
    const { entropyBonus } = config;
    const { unrolled: _, ...losses } = await learner.learn(rollout, { entropyBonus, ...weights });
    this.#plan.gradient.set(this.#gradient);
    const fit = this.#fit(config.steps * this.#worlds.reward.length);
    return { distinctFrames: actor.encoder.count, ...losses, ...fit };
  }

  /** Those of a step of the rollout. */
  #drivesOf(step: number): Float32Array {
    const size = this.#drives.length / this.rollout.T;
    return this.#drives.subarray(step * size, (step + 1) * size);
  }

  /** Clears the LSTM's memory in randomly chosen worlds, so that it cannot learn to count by itself. */
  #dropMemory(): void {
    const { memoryDropout, lstm } = this.#plan.blueprint.recipe.config;
    if (memoryDropout === 0) return;
    const { stateSize } = this.#plan.blueprint;
    for (let b = 0; b < this.#dropped.length; b++) {
      const drops = this.#random.uniform() < memoryDropout;
      this.#dropped[b] = drops ? 1 : 0;
      // Its output and its cell come first; what the pathway remembers stays, and so do earlier pictures.
      if (drops) this.#state.fill(0, b * stateSize, b * stateSize + 2 * lstm);
    }
  }

  #outcome(): Outcome {
    const { reward, terminated, truncated } = this.#worlds;
    const { rewardScale } = this.#plan.blueprint.recipe.config;
    for (let b = 0; b < reward.length; b++) this.#reward[b] = reward[b]! * rewardScale;
    return { reward: this.#reward, terminated, truncated };
  }

  /** Keeps the last observation of each episode that the latest step truncated. */
  async #keepLast(nextState: Float32Array): Promise<void> {
    const { terminated, truncated, finalObservation } = this.#worlds;
    const B = truncated.length;
    for (let b = 0; b < B; b++) {
      if (!truncated[b] || terminated[b]) continue;
      this.#last.add(b, finalObservation, nextState, (this.rollout.steps - 1) * B + b);
      if (this.#last.full) await this.#valueLast();
    }
  }

  /** A truncated episode bootstraps from the value of its last observation. */
  async #valueLast(): Promise<void> {
    const last = this.#last;
    if (last.count === 0) return;
    last.fillUp();
    const going = new Float32Array(last.places.length);
    const { value } = await this.actor.act(last.batch, going, last.state);
    for (let row = 0; row < last.count; row++) {
      this.rollout.bootstrap(last.places[row]!, value[row]!);
    }
    last.count = 0;
  }

  #collect(episodes: FinishedEpisode[]): void {
    const { terminated, truncated, finalInfo, episodeReturn, episodeLength } = this.#worlds;
    for (let b = 0; b < terminated.length; b++) {
      const ended = terminated[b]! | truncated[b]!;
      this.#start[b] = ended;
      if (!ended) continue;
      const metrics = finalInfo[b]?.metrics ?? {};
      episodes.push({ return: episodeReturn[b]!, length: episodeLength[b]!, metrics });
    }
  }

  /** Sums for figures of all shards together: the explained variance, the size of advantages. */
  #fit(count: number) {
    const sums = {
      advantageSquareSum: 0,
      returnSum: 0,
      returnSquareSum: 0,
      errorSum: 0,
      errorSquareSum: 0,
    };
    for (let i = 0; i < count; i++) {
      const target = this.rollout.return[i]!;
      sums.advantageSquareSum += this.rollout.advantage[i]! ** 2;
      const error = target - this.rollout.value[i]!;
      sums.returnSum += target;
      sums.returnSquareSum += target * target;
      sums.errorSum += error;
      sums.errorSquareSum += error * error;
    }
    return sums;
  }

  async state(): Promise<ShardState> {
    return {
      worlds: await this.#worlds.state(),
      actionRandom: this.#random.state() as Json,
      recurrent: this.#state.slice(),
      start: this.#start.slice(),
    };
  }

  async restore(state: ShardState): Promise<void> {
    await this.#worlds.restore(state.worlds, this.#observation);
    this.#random = Random.restore(state.actionRandom);
    this.#state.set(state.recurrent);
    this.#start.set(state.start);
  }

  async close(): Promise<void> {
    await this.#worlds.close();
  }
}

const worldsOf = ({ env, seeds, share }: ShardPlan): Worlds =>
  new EnvVector(
    seeds.map(() => make(env.id, env.options)),
    share && { share },
  );
