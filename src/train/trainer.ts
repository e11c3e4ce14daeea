import { AdvantageScale, type AdvantageScaleState } from '../../agent/advantage-scale.ts';
import { makeBlueprint } from '../../agent/blueprint.ts';
import { type Accumulator, cellOf, nacCell } from '../../agent/cells/nac.ts';
import type { LearningSignals, LossWeights } from '../../agent/learner.ts';
import type { Network } from '../../agent/network.ts';
import { Optimizer, type OptimizerSlices, optimizerVectors } from '../../agent/optimizer.ts';
import type { OptimizerVectors } from '../../agent/optimizer-slice.ts';
import { initialise, type ParameterLayout, views } from '../../agent/parameters.ts';
import { weightsByPart } from '../../agent/pathways/reading.ts';
import {
  entropyBonusAt,
  isRoundedAt,
  learningRateAt,
  pullAt,
  roundsAfter,
} from '../../agent/schedule.ts';
import { inspectWorld } from '../../env/index.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import type { FinishedEpisode, ShardPlan, ShardReport, ShardState } from './shard.ts';
import { splitWorlds } from './split-worlds.ts';
import type { Pulse } from './unresponsive.ts';

/** What a training may use of the machine beyond its settings. It does not change the result. */
export interface TrainResources {
  /** Threads of each shard that step its worlds, for slow worlds; none by default. */
  readonly envWorkers?: number | undefined;
  /** Where the shards show whether they are waiting for their worlds. */
  readonly pulse?: Pulse | undefined;
}

/** The shards of a training, which work at the same time or one after the other. That does not change the result. */
export interface Shards extends OptimizerSlices {
  /** Every shard fills a rollout and computes its gradient. */
  advance(weights: LossWeights): Promise<ShardReport[]>;
  state(): Promise<ShardState[]>;
  restore(states: readonly ShardState[]): Promise<void>;
  close(): Promise<void>;
}

/** Makes shards somewhere. @param vectors in memory that threads share, where there is such memory */
export type StartShards = (
  plans: readonly ShardPlan[],
  vectors: OptimizerVectors,
) => Promise<Shards>;

/** What one update did. */
export interface UpdateReport extends Omit<LearningSignals, 'unrolled'> {
  readonly episodes: readonly FinishedEpisode[];
  /** Share of the returns' variance that the value estimates explain. */
  readonly explainedVariance: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Distinct frames as a share of all. */
  readonly distinctShare: number;
}

/** Everything that the next update of a training depends on. */
export interface TrainerState {
  readonly frames: number;
  readonly optimizerCount: number;
  readonly parameters: Float32Array;
  readonly slots: Readonly<Record<string, Float32Array>>;
  readonly advantages: AdvantageScaleState;
  readonly shards: readonly ShardState[];
}

/** The loss, its gradient or a parameter is no longer a finite number. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/** Synchronous advantage actor-critic over several shards: A2C (Mnih et al. 2016). */
export class Trainer {
  readonly settings: TrainSettings;
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array;
  frames = 0;
  readonly #accumulators: readonly Accumulator[];
  readonly #optimizer: Optimizer;
  readonly #shards: Shards;
  readonly #advantages: AdvantageScale;

  private constructor(
    settings: TrainSettings,
    { layout, accumulators }: Network,
    parameters: Float32Array,
    optimizer: Optimizer,
    shards: Shards,
  ) {
    this.settings = settings;
    this.layout = layout;
    this.#accumulators = accumulators;
    this.parameters = parameters;
    this.#optimizer = optimizer;
    this.#shards = shards;
    this.#advantages = new AdvantageScale(settings.config);
  }

  /** @throws ConfigError, OptionError or EngineUnavailable for invalid settings */
  static async create(
    settings: TrainSettings,
    start: StartShards,
    { envWorkers = 0, pulse }: TrainResources = {},
  ): Promise<Trainer> {
    const { config, env, seed, shards, engine } = settings;
    const recipe = { config, world: inspectWorld(env.id, env.options).shape };
    const { programsFor } = await import('../../agent/programs.ts');
    const { network } = programsFor(recipe);
    const vectors = optimizerVectors(config, network.layout.size, shards);
    const { parameters, gradients, slots } = vectors;
    initialise(network.parameters, seed, parameters);

    const blueprints = new Map<number, ReturnType<typeof makeBlueprint>>();
    const plans: ShardPlan[] = [];
    let world = 0;
    for (const [shard, B] of splitWorlds(config.worlds, shards).entries()) {
      if (!blueprints.has(B)) {
        blueprints.set(B, makeBlueprint(recipe, engine, { B, totalWorlds: config.worlds }));
      }
      plans.push({
        blueprint: await blueprints.get(B)!,
        env,
        share: { first: world, of: config.worlds },
        seeds: Array.from({ length: B }, () => `training:${seed}:world:${world++}`),
        envWorkers,
        pulse: pulse?.subarray(shard, shard + 1),
        actionSeed: `training:${seed}:actions:${shard}`,
        parameters,
        gradient: gradients[shard]!,
      });
    }
    const pool = await start(plans, vectors);
    const optimizer = new Optimizer(config, slots, pool);
    return new Trainer(settings, network, parameters, optimizer, pool);
  }

  get done(): boolean {
    return this.frames >= this.settings.totalFrames;
  }

  /** The parameters by name, as views. */
  get parameterViews(): Record<string, Float32Array> {
    return views(this.layout, this.parameters);
  }

  /** The weights of each neural accumulator, as a person reads them, by `name` or `name part`, [inputs, outputs]. */
  get accumulatorWeights(): Record<string, Float32Array> {
    const parameters = this.parameterViews;
    return Object.assign(
      {},
      ...this.#accumulators.map((one) =>
        weightsByPart(one.name, cellOf(one).read(parameters, one.name, one.inputs.length)),
      ),
    );
  }

  /** One rollout in every world and one step of the optimiser. @throws DivergedError, with the parameters as they were */
  async update(): Promise<UpdateReport> {
    const { config, totalFrames } = this.settings;
    const reports = await this.#shards.advance({
      pull: pullAt(config, this.frames, totalFrames),
      entropyBonus: entropyBonusAt(config, this.frames, totalFrames),
      advantageFactor: this.#advantages.factor,
    });
    const samples = config.worlds * config.steps;
    const learningRate = learningRateAt(config, this.frames, totalFrames, samples);
    const sum = (key: Exclude<keyof ShardReport, 'episodes'>): number =>
      reports.reduce((total, report) => total + report[key], 0);
    const [policyLoss, valueLoss, entropy] = [sum('policyLoss'), sum('valueLoss'), sum('entropy')];
    const isSound = [policyLoss, valueLoss, entropy].every(Number.isFinite);
    const gradientNorm = isSound ? await this.#optimizer.step(learningRate) : NaN;
    if (!Number.isFinite(gradientNorm)) {
      throw this.#diverged(
        `the loss (policy ${policyLoss}, value ${valueLoss}, gradient norm ${gradientNorm})`,
        this.#optimizer.count + 1,
      );
    }
    this.#advantages.add(sum('advantageSquareSum') / samples);
    this.frames += samples;
    this.#round(this.frames - samples);
    return {
      episodes: reports.flatMap(({ episodes }) => episodes),
      policyLoss,
      valueLoss,
      entropy,
      explainedVariance: explainedVariance(samples, sum),
      gradientNorm,
      learningRate,
      distinctShare: sum('distinctFrames') / samples,
    };
  }

  /**
   * Rounds the weights of every neural accumulator to whole ones when it is time, with which the rest of the network continues to
   * train. No gradient moves those of a NAC after that; those of other cells are kept where they are.
   * @param before frames before this update
   */
  #round(before: number): void {
    const { config, totalFrames } = this.settings;
    if (!isRoundedAt(config, this.frames, totalFrames)) return;
    const isFirst = roundsAfter(config, before, this.frames, totalFrames);
    for (const one of this.#accumulators) {
      const cell = cellOf(one);
      if (isFirst || cell !== nacCell) cell.round(this.parameterViews, one.name, one.inputs.length);
    }
  }

  /** @throws DivergedError if a parameter or a mean of the optimiser is not finite: no training could resume from that */
  async state(): Promise<TrainerState> {
    const vectors = { parameter: this.parameters, ...this.#optimizer.slots };
    for (const [name, vector] of Object.entries(vectors)) {
      const broken = vector.find((value) => !Number.isFinite(value));
      if (broken === undefined) continue;
      const kind = name === 'parameter' ? 'a parameter' : `the optimiser's ${name}`;
      throw this.#diverged(`${kind} (${broken})`, this.#optimizer.count);
    }
    return {
      frames: this.frames,
      optimizerCount: this.#optimizer.count,
      parameters: this.parameters.slice(),
      slots: Object.fromEntries(
        Object.entries(this.#optimizer.slots).map(([name, mean]) => [name, mean.slice()]),
      ),
      advantages: this.#advantages.state,
      shards: await this.#shards.state(),
    };
  }

  /** Continues from `state` with the same bits. */
  async restore(state: TrainerState): Promise<void> {
    this.frames = state.frames;
    this.#optimizer.count = state.optimizerCount;
    this.parameters.set(state.parameters);
    this.#advantages.restore(state.advantages);
    for (const [name, mean] of Object.entries(state.slots)) this.#optimizer.slots[name]!.set(mean);
    await this.#shards.restore(state.shards);
  }

  #diverged(what: string, update: number): DivergedError {
    return new DivergedError(
      `${what} is no longer a finite number at update ${update} (frame ${this.frames}): a lower learningRate or a smaller rewardScale may help`,
    );
  }

  close(): Promise<void> {
    return this.#shards.close();
  }
}

/** 1 − Var(R − V) / Var(R); zero where all returns are equal. */
function explainedVariance(
  n: number,
  sum: (key: 'returnSum' | 'returnSquareSum' | 'errorSum' | 'errorSquareSum') => number,
): number {
  const variance = sum('returnSquareSum') / n - (sum('returnSum') / n) ** 2;
  const residual = sum('errorSquareSum') / n - (sum('errorSum') / n) ** 2;
  return variance > 1e-12 ? 1 - residual / variance : 0;
}
