import fs from 'node:fs';
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
import { Failure, reportingSystemErrors, UsageError } from '../common/errors.ts';
import { startSeed } from '../play/episodes.ts';
import { begun, RecordedWorld, stepped } from '../play/recorded-world.ts';
import type { EpisodeEnd, EpisodeStart, NewSteps, WrittenStep } from '../play/written-step.ts';
import { type Replay, replaySchema } from './protocol.ts';

/** Larger files are no replays. */
const MOST_BYTES = 8 * 2 ** 20;

/** One pane of a replay, played again. */
export interface Rerun {
  readonly opening: EpisodeStart;
  readonly steps: readonly WrittenStep[];
  readonly pictures: NewSteps['pictures'];
  readonly ending: EpisodeEnd;
  /** The first step whose reward or picture is not that of the file; null where there is none. */
  readonly differsAt: number | null;
}

/**
 * @throws UsageError for a file that is no replay, or one of a world that is not there; Failure where it cannot be read
 */
export function readReplay(path: string): Replay {
  const { size } = reportingSystemErrors('read', path, () => fs.statSync(path));
  if (size > MOST_BYTES) throw new UsageError(`${path} is no replay: it is far too large for one`);
  const text = reportingSystemErrors('read', path, () => fs.readFileSync(path, 'utf8'));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(
      `${path} is neither a run's folder nor a replay: a replay is JSON, as the page saves it`,
    );
  }
  const { success, data, error } = replaySchema.safeParse(value);
  if (!success) {
    const { path: key, message } = error.issues[0]!;
    throw new UsageError(
      `${path} is no replay that can be played: ${key.join('.') || 'it'}: ${message}`,
    );
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
    return from === undefined ? env : new Recorded(env, from);
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof UnknownEnvError)) throw error;
    const unless =
      error instanceof UnknownEnvError ? 'unless --env names its file or package, ' : '';
    throw new UsageError(`${path}: ${unless}${error.message}`);
  }
}

/** A world whose episodes begin where a recording did, unless they are told something. */
class Recorded extends Wrapper {
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

/** Plays one pane again in the world, and compares each step with what the file says. */
export function rerun(path: string, replay: Replay, pane: Replay['panes'][number]): Rerun {
  const stage = refusingFile(
    path,
    () => new RecordedWorld(worldOf(path, replay), startSeed(replay.seed), replay.number),
  );
  const { branch } = replay;
  const { opening } = stage;
  const steps: WrittenStep[] = [];
  let differsAt = opening.picture === pane.start ? null : 0;
  let sum = 0;
  for (const [step, action] of pane.actions.entries()) {
    if (stage.ending) {
      differsAt ??= step;
      break;
    }
    if (branch?.at === step && !tellAnew(path, replay, stage, pane.actions.slice(0, step))) {
      differsAt ??= step;
    }
    const written = refusingFile(path, () => stage.step(action, null));
    steps.push(written);
    const { reward } = JSON.parse(`{${written.plain}}`) as { reward: number };
    sum += reward;
    if (reward !== pane.rewards[step] || written.picture !== pane.pictures[step])
      differsAt ??= step;
  }
  const pictures = stage.pictures.take();
  const ending = stage.ending ?? cut(steps.length, sum);
  stage.close();
  return { opening, steps, pictures, ending, differsAt };
}

/** Tells the world the branch's time. @returns whether it was then at the same place */
function tellAnew(
  path: string,
  replay: Replay,
  stage: RecordedWorld,
  actions: readonly number[],
): boolean {
  const { number } = replay.branch!;
  const world = worldOf(path, replay);
  const observation = refusingFile(path, () => begun(world, startSeed(replay.seed), number));
  for (const [step, action] of actions.entries()) {
    const { terminated, truncated } = refusingFile(path, () =>
      stepped(world, step + 1, action, observation),
    );
    if (terminated || truncated) return false;
  }
  return stage.moveTo(world, observation, number);
}

/** A recording that was saved before its episode was over. */
function cut(steps: number, sum: number): EpisodeEnd {
  return { steps, how: 'cut', return: sum, metrics: {}, arrived: false, exact: false };
}

/** What the world says against the file is the file's fault. */
function refusingFile<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof UsageError || error instanceof Failure) throw error;
    throw new UsageError(`${path} cannot be played: ${(error as Error).message}`);
  }
}
