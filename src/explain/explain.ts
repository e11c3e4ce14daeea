import { availableParallelism } from 'node:os';
import type { EngineName } from '../../agent/engines/engine.ts';
import { views } from '../../agent/parameters.ts';
import { createPathway } from '../../agent/pathways/configure.ts';
import { instructionNames } from '../../agent/pathways/pathway.ts';
import { trainedAccumulators } from '../../agent/pathways/reading.ts';
import { pathwaySpec } from '../../agent/pathways/registry.ts';
import {
  type Env,
  fixing,
  type InstructedNumber,
  inspectWorld,
  instructionSymbols,
  type NumberValues,
  OptionError,
  type OtherNumber,
  withWorld,
} from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import { chooseNumbers, type NumbersGiven } from '../evaluate/choose-numbers.ts';
import { defaultNumbers } from '../evaluate/default-numbers.ts';
import { deal, listEpisodes } from '../play/episodes.ts';
import { Player } from '../play/player.ts';
import { playUnits } from '../play/player-pool.ts';
import type { Replay } from '../play/replay.ts';
import { loadSavedAgent, type SavedAgent } from '../play/saved-agent.ts';
import { type PluginOptions, requireOwnPathway } from '../plugins/of-run.ts';
import type { WorldChoice } from '../plugins/worlds.ts';
import { checkpointId } from '../run/agent-parameters.ts';
import type { CheckpointName } from '../run/checkpoint-names.ts';
import { type Arithmetic, arithmeticOf } from './arithmetic.ts';
import { type Departure, departuresOf, stepLength } from './departures.ts';
import { firstFailure, type NumberTrial } from './first-failure.ts';
import { pathOf, record, replayOf } from './recording.ts';

/** How an agent is explained; what is left out has the default of `timegrid explain`. */
export interface ExplainOptions extends PluginOptions {
  /** The last one by default. */
  readonly checkpoint?: CheckpointName;
  /** At each number tried, 100 by default. */
  readonly episodes?: number;
  /**
   * Those whose departures are measured: by default the greatest in training and two and a half times that. In a world of several
   * numbers also by name, `{ first: 3 }`: one value fixes a number for everything that is played.
   */
  readonly numbers?: NumbersGiven;
  /** The greatest number at which a failure is looked for; 1,000 by default. */
  readonly upTo?: number;
  /** `onnx` by default. */
  readonly engine?: EngineName;
  /** By default as many as there are cores. The results do not depend on it. */
  readonly threads?: number;
  /** Called as episodes end, with the number that they were told. */
  onProgress?(number: number, done: number, total: number): void;
}

/** When the agent sets off at one number. */
export interface Behaviour {
  readonly number: number;
  /** Episodes that arrived, which are those that count. */
  readonly arrived: number;
  /** The nearest distance first. */
  readonly departures: readonly Departure[];
}

/** The first episode that fails, by its number among those of `timegrid evaluate`. */
export interface FailingEpisode {
  readonly index: number;
  readonly steps: number;
  readonly arrived: boolean;
}

/** What a trained agent does with the number that it is told. */
export interface Explanation {
  readonly run: string;
  readonly pathway: string;
  /** What its LSTM gets, in a sentence. */
  readonly summary: string;
  readonly seed: number;
  readonly frames: number;
  readonly episodes: number;
  /** The main number that its world tells; null where it tells none that could be chosen, and then so are the last two. */
  readonly number: Pick<InstructedNumber, 'symbol' | 'meaning' | 'trained'> | null;
  /** The world's other numbers, and the value at which each was fixed; null: the world drew it. */
  readonly otherNumbers: readonly (Pick<
    OtherNumber,
    'option' | 'symbol' | 'meaning' | 'trained'
  > & {
    readonly fixed: number | null;
  })[];
  /** The names of the instruction's elements. */
  readonly instruction: readonly string[];
  /** Of each of its neural accumulators. */
  readonly arithmetic: readonly Arithmetic[];
  /** Null where the number counts no steps, or the world does not say where the agent is. */
  readonly behaviour: readonly Behaviour[] | null;
  readonly failure: {
    readonly upTo: number;
    readonly tried: readonly NumberTrial[];
    /** Null: it was exact at every number tried. */
    readonly first: (NumberTrial & { readonly episode: FailingEpisode }) | null;
  } | null;
}

/** Worlds that a thread steps at once. */
const SLOTS = 64;
const EPISODES = 100;
const UP_TO = 1_000;

/**
 * Says what a trained agent does with the number that it is told, by its weights and by playing it greedily.
 * @param path the run's folder
 * @returns with the first episode that fails, for `timegrid watch`; null where none fails, or it is too long for that
 * @throws UsageError for a run that is missing or was made for another world, or a search that could not begin; OptionError for
 *   a number that the world refuses; EngineUnavailable; Failure for a damaged run
 */
export async function explain(
  path: string,
  options: ExplainOptions = {},
): Promise<{ explanation: Explanation; replay: Replay | null }> {
  const { checkpoint = 'last', engine = 'onnx', episodes = EPISODES } = options;
  const agent = await loadSavedAgent(path, checkpoint, engine, SLOTS, options);
  const { settings, world: shape } = agent.description;
  const { config, seed, env } = settings;
  requireOwnPathway(options.agent, [{ path, config }]);
  const world = inspectWorld(env.id, env.options);
  const { number = null } = world;
  const instruction = instructionSymbols(world, instructionNames(shape.instruction));
  const parameters = views(agent.blueprint.layout, agent.parameters);
  const accumulators = trainedAccumulators(
    createPathway(config, instruction, shape.actions),
    parameters,
  );
  const { numbers, others } = number ? readNumbers(env, options.numbers) : NO_NUMBERS;
  const facts = {
    ...{ run: path, pathway: config.pathway, seed, frames: agent.frames, episodes },
    summary: pathwaySpec(config.pathway).summary,
    number: number && {
      ...{ symbol: number.symbol, meaning: number.meaning, trained: number.trained },
    },
    otherNumbers: world.otherNumbers.map(({ option, symbol, meaning, trained }) => ({
      ...{ option, symbol, meaning, trained },
      fixed: others[option] ?? null,
    })),
    instruction,
    arithmetic: arithmeticOf(accumulators, number?.countsSteps ? number.symbol : null),
  };
  if (number === null) {
    return { explanation: { ...facts, behaviour: null, failure: null }, replay: null };
  }

  const plan = withWorld(env.id, env.options, (world) =>
    planOf(world, number, others, { numbers, upTo: options.upTo }),
  );
  const player = await Player.load({ ...agent, env });
  try {
    const behaviour = number.countsSteps
      ? await behaviourAt(player, plan.numbers, others, episodes)
      : null;
    const attempt = (at: number) => trial(agent, { number: at, others }, episodes, options);
    const { tried, first } = await firstFailure(number.trained[1], plan.upTo, attempt);
    const search = {
      upTo: plan.upTo,
      tried: tried.map(({ number, exact }) => ({ number, exact })),
    };
    if (first === null) {
      const failure = { ...search, first: null };
      return { explanation: { ...facts, behaviour, failure }, replay: null };
    }
    const { number: failsAt, exact, failing } = first;
    const failure = { ...search, first: { number: failsAt, exact, episode: failing! } };
    const [recorded] = await record(player, [{ number: failsAt, others, index: failing!.index }]);
    const run = {
      pathway: config.pathway,
      seed,
      frames: agent.frames,
      checkpoint: checkpointId(agent),
    };
    return {
      explanation: { ...facts, behaviour, failure },
      // Longer ones than the page shows would end before they fail.
      replay:
        recorded!.end.how === 'cut'
          ? null
          : replayOf(recorded!, env, { name: config.pathway, ...run }),
    };
  } finally {
    player.close();
  }
}

const NO_NUMBERS: { numbers: undefined; others: NumberValues } = { numbers: undefined, others: {} };

/** The main numbers asked for, and the values of others. @throws UsageError where another one is to be varied */
function readNumbers(
  env: WorldChoice,
  given: NumbersGiven | undefined,
): { numbers: readonly number[] | undefined; others: NumberValues } {
  const { axis, main, others, lists } = chooseNumbers(env, given);
  const varied = others.find(({ option }) => (lists[option]?.length ?? 0) > 1);
  const wrong = axis === main ? varied : axis;
  if (wrong !== undefined) {
    throw new UsageError(
      `explain varies the main number only: give ${wrong.option} one value, not ${lists[wrong.option]!.length}`,
    );
  }
  const { [axis.option]: numbers, ...rest } = lists;
  const fixed = Object.entries(rest).map(([option, values]) => [option, values[0]!] as const);
  return { numbers, others: Object.fromEntries(fixed) };
}

/** What is to be played, as far as the world takes it. */
function planOf(
  world: Env,
  { symbol, trained }: InstructedNumber,
  others: NumberValues,
  { numbers, upTo }: { readonly numbers?: readonly number[]; readonly upTo?: number },
): { numbers: readonly number[]; upTo: number } {
  const greatest = trained[1];
  const reset = (number: number) => world.reset({ options: fixing(world, number, others) });
  for (const number of numbers ?? [greatest]) reset(number);
  if (upTo !== undefined) {
    if (upTo < greatest) {
      throw new UsageError(
        `the search for a failure starts at ${symbol} = ${greatest}, the greatest in training, so it cannot end at ${upTo}`,
      );
    }
    reset(upTo);
  }
  const far = defaultNumbers(trained).at(-1)!;
  return {
    numbers: numbers ?? [...new Set([greatest, greatestTaken(reset, greatest, far)])],
    upTo: upTo ?? greatestTaken(reset, greatest, Math.max(greatest, UP_TO)),
  };
}

/** The greatest number that `reset` takes, of those up to `upTo`. @param from one that it takes */
function greatestTaken(reset: (number: number) => void, from: number, upTo: number): number {
  const takes = (number: number): boolean => {
    try {
      reset(number);
      return true;
    } catch (error) {
      if (error instanceof OptionError) return false;
      throw error;
    }
  };
  if (takes(upTo)) return upTo;
  let [taken, refused] = [from, upTo];
  while (refused - taken > 1) {
    const middle = Math.floor((taken + refused) / 2);
    if (takes(middle)) taken = middle;
    else refused = middle;
  }
  return taken;
}

/** @returns null where the world does not say where the agent is, or nothing moves */
async function behaviourAt(
  player: Player,
  numbers: readonly number[],
  others: NumberValues,
  count: number,
): Promise<Behaviour[] | null> {
  const asked = numbers.map((number) => ({ number, others }));
  const recorded = await record(player, listEpisodes(asked, count));
  const arrivals: { number: number; path: NonNullable<ReturnType<typeof pathOf>> }[] = [];
  for (const one of recorded) {
    if (!one.end.arrived) continue;
    const path = pathOf(one);
    if (path === null) return null;
    arrivals.push({ number: one.episode.number!, path });
  }
  const step = stepLength(arrivals.map(({ path }) => path));
  return numbers.map((number) => {
    const group = arrivals.filter((arrival) => arrival.number === number);
    const departures = step === null ? [] : departuresOf(group, step);
    return { number, arrived: group.length, departures };
  });
}

/** Plays the agent at one number. @returns with the first episode that was not exact, null where all were */
async function trial(
  { blueprint, parameters, description }: SavedAgent,
  asked: { readonly number: number; readonly others: NumberValues },
  count: number,
  { threads = availableParallelism(), onProgress }: ExplainOptions,
): Promise<NumberTrial & { failing: FailingEpisode | null }> {
  const { env } = description.settings;
  const units = deal(listEpisodes([asked], count), SLOTS).map((unit) =>
    unit.map(({ index }) => ({ ...asked, seed: index, policy: 'greedy' as const })),
  );
  const { number } = asked;
  let done = 0;
  const onEnd = (): void => onProgress?.(number, ++done, count);
  const played = await playUnits(
    { blueprint, env, parameters },
    units,
    Math.min(threads, units.length),
    onEnd,
  );
  const ends = played.flat();
  const missed = units.flat().flatMap(({ seed: index }, i): FailingEpisode[] => {
    const { exact, steps, arrived } = ends[i]!;
    return exact ? [] : [{ index, steps, arrived }];
  });
  const [failing = null] = missed.sort((a, b) => a.index - b.index);
  return { number, exact: (count - missed.length) / count, failing };
}
