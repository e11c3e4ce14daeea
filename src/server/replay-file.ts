import {
  type Env,
  type Json,
  make,
  type Observation,
  OptionError,
  type ResetArguments,
  restart,
  UnknownEnvError,
  Wrapper,
} from '../../env/index.ts';
import { Failure, UsageError } from '../common/errors.ts';
import { parseJson } from '../common/parse-json.ts';
import { readText } from '../common/read-file.ts';
import { EpisodeRecorder } from '../play/episode-recorder.ts';
import { type EpisodeEnd, startSeed } from '../play/episodes.ts';
import { MOST_STEPS, type Replay, replaySchema } from '../play/replay.ts';
import { WorldEpisode } from '../play/world-episode.ts';
import type { WholeEpisode } from '../watch/streamed-episode.ts';
import { encodePicture } from '../watch/wire-picture.ts';
import { type WirePicture, type WrittenStep, writeStep } from '../watch/written-step.ts';

/** Larger files are no replays. */
const MOST_BYTES = 8 * 2 ** 20;

/**
 * @throws UsageError for a file that is not a replay, or whose world is missing; Failure where it cannot be read
 */
export function readReplay(path: string): Replay {
  const text = readText(path, MOST_BYTES);
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw new UsageError(
      `${path} is neither a run's folder nor a replay: a replay is JSON, as the page saves it`,
    );
  }
  const { success, data, error } = replaySchema.safeParse(value);
  if (!success) {
    const { path: key, message } = error.issues[0]!;
    throw new UsageError(`${path} is not a valid replay: ${key.join('.') || 'it'}: ${message}`);
  }
  for (const { name, actions, rewards, pictures } of data.panes) {
    if (rewards.length === actions.length && pictures.length === actions.length) continue;
    throw new UsageError(
      `${path} is damaged: ${name} has ${actions.length} actions, ${rewards.length} rewards and ${pictures.length} pictures`,
    );
  }
  return data;
}

/** The world of a replay. @throws UsageError where there is none */
export function worldOf(path: string, { world, from }: Replay): Env {
  try {
    const env = make(world.id, world.options);
    return from === undefined ? env : new WorldFromState(env, from);
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof UnknownEnvError)) throw error;
    const unless =
      error instanceof UnknownEnvError ? 'unless --env names its file or package, ' : '';
    throw new UsageError(`${path}: ${unless}${error.message}`);
  }
}

/** A world whose episodes begin where a recording did, unless they are told something. */
class WorldFromState extends Wrapper {
  readonly #from: Json;

  constructor(env: Env, from: Json) {
    super(env);
    this.#from = from;
  }

  override reset(args?: ResetArguments, into?: Observation) {
    if (args?.options !== undefined) return super.reset(args, into);
    return restart(this.env.restore(this.#from, into));
  }
}

/**
 * Plays one pane again in the world, and compares each step with what the file says.
 * @throws UsageError for what the world refuses, which is the file's fault
 */
export function rerun(path: string, replay: Replay, pane: Replay['panes'][number]): WholeEpisode {
  try {
    return played(path, replay, pane);
  } catch (error) {
    if (error instanceof UsageError || error instanceof Failure) throw error;
    throw new UsageError(`${path} cannot be played: ${(error as Error).message}`);
  }
}

function played(path: string, replay: Replay, pane: Replay['panes'][number]): WholeEpisode {
  const { branch, number, others } = replay;
  const seed = startSeed(replay.seed);
  const episode = new WorldEpisode(worldOf(path, replay), { seed, number, others }, MOST_STEPS);
  const pictures: WirePicture[] = [];
  const recorder = new EpisodeRecorder(episode, {
    onPicture: (hash, frame) => pictures.push({ hash, bytes: encodePicture({ hash, ...frame }) }),
  });
  const { start } = recorder;
  const steps: WrittenStep[] = [];
  let differsAt = start.picture === pane.start ? null : 0;
  let sum = 0;
  for (const [moment, action] of pane.actions.entries()) {
    if (branch?.at === moment && !episode.end) {
      const other = new WorldEpisode(worldOf(path, replay), {
        seed,
        number: branch.number,
        others,
      });
      const isSame = other.stepAll(pane.actions.slice(0, moment)) && !other.end;
      if (!isSame || !episode.continueIn(other)) differsAt ??= moment;
    }
    if (episode.end) {
      differsAt ??= moment;
      break;
    }
    const step = recorder.step(action, null);
    steps.push(writeStep(step));
    sum += step.reward;
    const isAsRecorded =
      step.reward === pane.rewards[moment] && step.picture === pane.pictures[moment];
    if (!isAsRecorded) differsAt ??= moment;
  }
  episode.close();
  return { start, steps, pictures, end: episode.end ?? savedEarly(steps.length, sum), differsAt };
}

/** The end of a recording that was saved before its episode was over. */
function savedEarly(steps: number, sum: number): EpisodeEnd {
  return { steps, how: 'cut', return: sum, metrics: {}, arrived: false, exact: false };
}
