import { availableParallelism } from 'node:os';
import type { EngineName } from '../../agent/engines/engine.ts';
import { guardCall } from '../../env/guard/guarded-calls.ts';
import { fixing, inspectWorld, type NumberName, withWorld } from '../../env/index.ts';
import {
  deal,
  type EpisodeEnd,
  type EpisodeSpec,
  type GivenNumbers,
  listEpisodes,
  type Policy,
} from '../play/episodes.ts';
import { playUnits } from '../play/player-pool.ts';
import { loadSavedAgent } from '../play/saved-agent.ts';
import type { PluginOptions } from '../plugins/of-run.ts';
import type { WorldChoice } from '../plugins/worlds.ts';
import type { CheckpointName } from '../run/checkpoint-names.ts';
import {
  chooseNumbers,
  combinations,
  type NumberChoice,
  type NumbersGiven,
} from './choose-numbers.ts';
import { comparedEpisodes, comparePolicies, otherPolicy } from './compare-policies.ts';
import { defaultNumbers } from './default-numbers.ts';
import type { Evaluation } from './results.ts';
import { type RowKey, tally } from './tally.ts';

/** How agents are evaluated; what is left out has the default of `timegrid evaluate`. */
export interface EvaluateRunOptions extends PluginOptions {
  /**
   * The numbers to ask for, in the timed grid times; by default from the smallest trained number to 2.5 times the largest. In a world
   * of several numbers also by name: `{ first: 3, second: [11, 12] }`. The world draws those that are left out.
   */
  readonly numbers?: NumbersGiven;
  /** Episodes at each number, 200 by default. Those with the same number start alike, at every number and for every agent. */
  readonly episodes?: number;
  /** Greedy by default. */
  readonly policy?: Policy;
  /** The last one by default. */
  readonly checkpoint?: CheckpointName;
  /** `onnx` by default. */
  readonly engine?: EngineName;
  /** Threads besides the calling one, by default as many as there are cores; 0: it plays itself. The results do not depend on it. */
  readonly threads?: number;
  /**
   * Threads that play even where one would do, for worlds whose steps take long: by default none. Nor do the results depend on it.
   */
  readonly envWorkers?: number;
  /** Stops the evaluation, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called as episodes end. */
  onProgress?(done: number, total: number): void;
}

/** What an agent is measured by in a world that tells a number. */
export interface NumberTask extends Pick<Evaluation, 'otherNumbers'> {
  readonly number: NumberName;
  /** The least and the greatest that training asked for. */
  readonly trainingRange: readonly [number, number];
  readonly maxReward: number;
}

/** Worlds that a thread steps at once, unless there are fewer episodes. */
const SLOTS = 64;
const EPISODES = 200;

/**
 * Plays a saved agent at each of several numbers, from seeds that training never used.
 * @param path the run's folder
 * @throws UsageError for a run that is missing, was made for another world or a world that tells no number, OptionError for
 *   a number that the world refuses, EngineUnavailable, and Failure for a damaged run
 */
export async function evaluateRun(
  path: string,
  options: EvaluateRunOptions = {},
): Promise<Evaluation> {
  const { episodes: count = EPISODES, policy = 'greedy', engine = 'onnx' } = options;
  const listed = Array.isArray(options.numbers) ? options.numbers.length : SLOTS;
  const slots = Math.min(SLOTS, listed * count);
  const agent = await loadSavedAgent(path, options.checkpoint ?? 'last', engine, slots, options);
  const { env, seed, config } = agent.description.settings;
  const choice = chooseNumbers(env, options.numbers);
  const yardstick = numberTaskOf(env, options.numbers);
  const asked = combinations(choice, defaultNumbers(yardstick.trainingRange));
  requireTaken(env, asked);

  const { envWorkers = 0 } = options;
  const episodes = listEpisodes(asked, count);
  const keyOf = (episode: EpisodeSpec): RowKey => rowKey(choice, episode);
  const compared = comparedEpisodes(episodes, keyOf, yardstick.trainingRange);
  const units = [
    { played: episodes, policy },
    { played: compared, policy: otherPolicy(policy) },
  ].flatMap(({ played, policy }) =>
    deal(played, slots, envWorkers).map((unit) => ({ unit, policy })),
  );
  const threads = Math.max(options.threads ?? availableParallelism(), envWorkers);
  let done = 0;
  const onEnd = (): void => options.onProgress?.(++done, episodes.length + compared.length);
  const { blueprint, parameters } = agent;
  const played = await playUnits(
    { blueprint, env, parameters },
    units.map(({ unit, policy }) =>
      unit.map(({ number, others, index }) => ({ number, others, seed: index, policy })),
    ),
    Math.min(threads, units.length),
    onEnd,
    options.signal,
  );
  const ends = { greedy: new Map<EpisodeSpec, EpisodeEnd>(), sample: new Map() };
  for (const [i, { unit, policy }] of units.entries()) {
    for (const [k, episode] of unit.entries()) ends[policy].set(episode, played[i]![k]!);
  }
  // Sums are rounded, so their order is always that of the division without further threads.
  const order = deal(episodes, slots).flat();
  return {
    run: path,
    label: config.pathway,
    seed,
    frames: agent.frames,
    ...yardstick,
    policy,
    ...(compared.length > 0 && { policies: comparePolicies(compared, keyOf, ends) }),
    rows: tally(
      order.map(keyOf),
      order.map((episode) => ends[policy].get(episode)!),
      choice.axis.option,
    ),
  };
}

/**
 * What an agent is measured by in a world that takes `numbers`.
 * @throws UsageError for a world that tells no number or not those, OptionError for one that it refuses
 */
export function numberTaskOf(env: WorldChoice, numbers?: NumbersGiven): NumberTask {
  const choice = chooseNumbers(env, numbers);
  const { axis, main, others } = choice;
  if (numbers) requireTaken(env, combinations(choice, [axis.trained[0]]));
  const { symbol, meaning, countsSteps, trained } = axis;
  return {
    // The step of arrival can be compared with the main number only.
    number: { symbol, meaning, countsSteps: axis === main && countsSteps },
    ...(others.length > 0 && {
      otherNumbers: others.map(({ option, symbol, meaning }) => ({ option, symbol, meaning })),
    }),
    trainingRange: trained,
    maxReward: inspectWorld(env.id, env.options).number!.maxReward,
  };
}

/** @throws OptionError for numbers that the world refuses */
function requireTaken({ id, options }: WorldChoice, asked: readonly GivenNumbers[]): void {
  withWorld(id, options, (world) => {
    for (const { number, others } of asked) {
      guardCall(world, { call: 'reset' }, () =>
        world.reset({ options: fixing(world, number, others) }),
      );
    }
  });
}

function rowKey({ axis, main }: NumberChoice, { number, others }: GivenNumbers): RowKey {
  if (axis === main) return { number: number!, fixed: others };
  const { [axis.option]: value, ...rest } = others!;
  return { number: value!, fixed: number === null ? rest : { ...rest, [main.option]: number } };
}

/** From the least to the greatest of several ranges. */
export function span(ranges: readonly (readonly [number, number])[]): [number, number] {
  return [
    Math.min(...ranges.map(([least]) => least)),
    Math.max(...ranges.map(([, greatest]) => greatest)),
  ];
}
