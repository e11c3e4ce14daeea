import fs from 'node:fs';
import { type Command, Option } from 'commander';
import { ENGINES, type EngineName } from '../../../agent/engines/engine.ts';
import { Failure, UsageError } from '../../common/errors.ts';
import { choice, count } from '../../common/parse.ts';
import { findWorld } from '../../plugins/worlds.ts';
import { type CheckpointName, checkpointNames } from '../../run/pointers.ts';
import { PRETRAINED, pretrainedRun } from '../../run/pretrained.ts';
import type { EpisodeSource } from '../../watch/episode-source.ts';
import { MOST_AGENTS } from '../../watch/protocol.ts';
import type { ReplayVerdict } from '../../watch/replay-source.ts';
import type { AddressMessage } from '../../watch/watch-process.ts';
import { addExamples } from '../examples.ts';
import { stopOnSignals } from '../signals.ts';
import type { Io, Terminal } from '../terminal.ts';

interface Options {
  readonly port?: number;
  readonly host?: string;
  readonly checkpoint: CheckpointName;
  readonly engine: EngineName;
  readonly env?: string;
  readonly agent?: string;
  readonly wait?: boolean;
  readonly verify?: boolean;
}

/** A time at which the agents that ship arrive late, early and on time. */
const SHIPPED_TIME = 16;
/** Episodes at each time that the chart is filled with while nobody waits for anything. */
const BACKGROUND_EPISODES = 20;
const LOOK_EVERY = 1_000;

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument(
      '[run...]',
      `folders of 1 to ${MOST_AGENTS} runs, or one replay file (default: the trained agents that come with timegrid)`,
    )
    .option(
      '--port <number>',
      'where to listen (default: 8080, or the next free one)',
      count('--port', { max: 65_535 }),
    )
    .option('--host <address>', 'an address of this machine (default: 127.0.0.1, for it alone)')
    .addOption(
      new Option('--checkpoint <name>', `which checkpoint of each: ${checkpointNames.join(', ')}`)
        .argParser(choice('--checkpoint', checkpointNames))
        .default('last', 'last'),
    )
    .addOption(
      new Option('--engine <name>', `what computes: ${ENGINES.join(', ')}`)
        .argParser(choice('--engine', ENGINES))
        .default('onnx', 'onnx'),
    )
    .option(
      '--env <world>',
      'without a run, a world to play in beside an agent that has learned nothing; else the file or package of the world, where it is no longer where it was in training, or of a replay',
    )
    .option('--agent <pathway>', "the file or package of a run's pathway, if it has moved")
    .option('--wait', 'wait for runs that are not there yet')
    .option('--verify', 'only say whether a replay is true; exit code 1 if not')
    .action((given: string[], options: Options) => run(given, options, terminal));
  addExamples(command, {
    'timegrid watch': 'baseline, NAC and clock, as they come trained',
    'timegrid watch runs/study/baseline-1 runs/study/nac-1': 'two agents side by side',
    'timegrid watch runs/nac-1': 'one agent; a training that goes on is followed',
    'timegrid watch --env ./my-world.ts': 'a world to play in before anything is trained there',
    'timegrid watch replay.json': 'an episode that the page has recorded, played and verified',
    'timegrid watch replay.json --env ./my-world.ts': 'one of a world of your own',
    'timegrid watch replay.json --verify': 'only whether the world still does what it says',
  });
}

async function run(given: readonly string[], options: Options, terminal: Terminal): Promise<void> {
  const [first] = given;
  if (first !== undefined && fs.statSync(first, { throwIfNoEntry: false })?.isFile()) {
    if (given.length > 1) throw new UsageError('a replay file is watched alone');
    return watchReplay(first, options, terminal);
  }
  if (options.verify) {
    const what = first === undefined ? '' : `, and ${first} is none`;
    throw new UsageError(`--verify takes a replay file${what}`);
  }
  if (given.length > MOST_AGENTS) {
    throw new UsageError(`at most ${MOST_AGENTS} runs are watched at once, not ${given.length}`);
  }
  if (first !== undefined) return watchRuns(given, options, terminal);
  if (options.env === undefined)
    return watchRuns(PRETRAINED.map(pretrainedRun), options, terminal, `?t=${SHIPPED_TIME}`);
  const { makeUntrainedRun } = await import('../../watch/untrained-run.ts');
  const untrained = await makeUntrainedRun(options.env);
  // It draws its actions: the likeliest one of an agent that knows nothing is always the same.
  return watchRuns([untrained.path], options, terminal, '?policy=sample').finally(untrained.remove);
}

/** @param opening what the page is opened with, as a query */
async function watchRuns(
  paths: readonly string[],
  options: Options,
  terminal: Terminal,
  opening = '',
): Promise<void> {
  const { LiveSource } = await import('../../watch/live-source.ts');
  const { checkpoint, engine, env, agent, wait = false } = options;
  const settings = {
    checkpoint,
    engine,
    env,
    agent,
    onNote: terminal.note,
    wait,
    lookEvery: LOOK_EVERY,
  };
  const end = untilAsked(terminal.io);
  try {
    const liveOptions = { ...settings, backgroundEpisodes: BACKGROUND_EPISODES };
    const source = await LiveSource.open(paths, liveOptions, end.signal);
    if (source) await serve(source, options, terminal, end.signal, opening);
  } finally {
    end.release();
  }
}

async function watchReplay(path: string, options: Options, terminal: Terminal): Promise<void> {
  if (options.env !== undefined) await findWorld(options.env);
  const { ReplaySource } = await import('../../watch/replay-source.ts');
  const source = new ReplaySource(path);
  for (const verdict of source.verdicts) terminal.print(said(verdict));
  if (!options.verify) {
    const end = untilAsked(terminal.io);
    return serve(source, options, terminal, end.signal).finally(end.release);
  }
  if (source.verdicts.some(({ differsAt }) => differsAt !== null)) {
    throw new Failure(`${path} is not true to the world that this version of timegrid makes`);
  }
}

function said({ name, steps, differsAt }: ReplayVerdict): string {
  return differsAt === null
    ? `${name}: all ${steps} steps are as recorded`
    : `${name}: differs from the recording at step ${differsAt}`;
}

/** Notes when a person, the system or the training that this belongs to asks for the end. */
function untilAsked(io: Io) {
  const asked = new AbortController();
  const abort = (): void => asked.abort();
  const signals = stopOnSignals(io, abort);
  // One that was killed early on has closed the channel before anybody could listen to it.
  if (io.send && !io.connected) abort();
  io.on('disconnect', abort);
  return { signal: asked.signal, release: () => signals.release() };
}

/** Shows it until somebody ends it. @param opening what the page is opened with, as a query */
async function serve(
  source: EpisodeSource,
  { host, port }: Options,
  { io, print }: Terminal,
  end: AbortSignal,
  opening = '',
): Promise<void> {
  const { WatchServer } = await import('../../watch/server.ts');
  const { pageFolder } = await import('../../watch/page-folder.ts');
  try {
    const settings = { files: pageFolder, ...(host && { host }), ...(port && { port }) };
    const server = await WatchServer.start(source, settings);
    print(`Watch at ${server.address}${opening} (Ctrl-C ends it)`);
    if (io.connected) io.send?.({ address: server.address } satisfies AddressMessage);
    if (!end.aborted) {
      await new Promise<void>((resolve) => end.addEventListener('abort', () => resolve()));
    }
    await server.close();
  } finally {
    await source.close();
  }
}
