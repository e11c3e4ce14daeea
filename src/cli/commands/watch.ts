import fs from 'node:fs';
import { isIP } from 'node:net';
import v8 from 'node:v8';
import type { Command } from 'commander';
import type { EngineName } from '../../../agent/engines/engine.ts';
import { inspectWorld } from '../../../env/index.ts';
import { Failure, UsageError } from '../../common/errors.ts';
import { count } from '../../common/parse.ts';
import { findWorld } from '../../plugins/worlds.ts';
import { requireDistinct } from '../../run/folder.ts';
import { PRETRAINED, pretrainedFor, pretrainedRun, runNamed } from '../../run/pretrained.ts';
import type { ReplayVerdict } from '../../server/replay-source.ts';
import type { AddressMessage, StudyTextMessage } from '../../server/watch-process.ts';
import type { EpisodeSource } from '../../watch/episode-source.ts';
import { MOST_AGENTS } from '../../watch/protocol.ts';
import { addExamples } from '../examples.ts';
import { refuseIdle } from '../refuse-idle.ts';
import {
  type AgentFlags,
  ALLOW_CODE,
  addCheckpointOption,
  addEngineOption,
} from '../shared-options.ts';
import { stopOnSignals } from '../signals.ts';
import type { Io, Terminal } from '../terminal.ts';

interface Options extends AgentFlags {
  readonly port?: number;
  readonly host?: string;
  readonly allowHost?: readonly string[];
  readonly engine?: EngineName;
  readonly wait?: boolean;
  readonly verify?: boolean;
}

/** A time at which the pretrained agents arrive late, early and on time. */
const SHIPPED_TIME = 16;
/** Episodes at each number that fill the chart while the page is idle. */
const BACKGROUND_EPISODES = 20;
const LOOK_EVERY = 1_000;

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument(
      '[run...]',
      `folders of up to ${MOST_AGENTS} runs, or one replay file (default: the pretrained agents, also known as baseline, nac and nac-clock)`,
    )
    .option(
      '--port <number>',
      'the port to listen on (default: 8080, or the next free one)',
      count('--port', { max: 65_535 }),
    )
    .option(
      '--host <address>',
      'the address to listen on (default: 127.0.0.1, this machine only); from other machines, the page needs the token in the printed address',
    )
    .option(
      '--allow-host <name>',
      'another host name by which the page may be opened, such as that of a proxy; may be repeated',
      (name: string, before: readonly string[] = []) => [...before, hostName(name)],
    );
  addEngineOption(addCheckpointOption(command))
    .option(
      '--env <world>',
      "without a run: a world to play in, next to an agent that ships for it, or an untrained one; with runs or a replay: the world's file or package, if it has moved",
    )
    .option('--agent <pathway>', "the pathway's file or package, if it has moved")
    .option(...ALLOW_CODE)
    .option('--wait', 'wait for runs that do not exist yet')
    .option('--verify', 'only check that a replay still plays out as recorded; exit code 1 if not')
    .action((given: string[], options: Options) => run(given, options, command, terminal));
  addExamples(command, {
    'timegrid watch': 'the pretrained agents',
    'timegrid watch nac nac-clock': 'two of them side by side',
    'timegrid watch runs/nac-1 --wait': 'an agent in training, before it has begun or later',
    'timegrid watch --env CountCoins-v0':
      'another world, its trained agent, and you; a world of your own is a file, ./my-world.ts',
    'timegrid explain nac --replay fails.json && timegrid watch fails.json':
      'a recorded episode; the page records them too',
    'timegrid watch fails.json --verify': 'whether the episode still plays out as recorded',
  });
}

/** @throws UsageError for anything that is no name or address of a host */
function hostName(name: string): string {
  if (/^[\w.-]+$/.test(name) || isIP(name) !== 0) return name;
  throw new UsageError(
    `--allow-host takes the name of a host without a port, such as agents.example.org, not ${JSON.stringify(name)}`,
  );
}

async function run(
  given: readonly string[],
  options: Options,
  command: Command,
  terminal: Terminal,
): Promise<void> {
  const [first] = given;
  if (first !== undefined && fs.statSync(first, { throwIfNoEntry: false })?.isFile()) {
    if (given.length > 1) throw new UsageError('a replay file must be the only argument');
    refuseIdle(
      command,
      ['checkpoint', 'engine', 'agent', 'wait'],
      'with a replay, which needs no agent',
    );
    if (options.verify)
      refuseIdle(command, ['port', 'host', 'allowHost'], 'with --verify, which opens no page');
    return watchReplay(first, options, terminal);
  }
  if (options.verify) {
    const what = first === undefined ? '' : `, and ${first} is not one`;
    throw new UsageError(`--verify takes a replay file${what}`);
  }
  if (given.length > MOST_AGENTS) {
    throw new UsageError(`at most ${MOST_AGENTS} runs can be watched at once, not ${given.length}`);
  }
  const runs = given.map(runNamed);
  requireDistinct(runs);
  if (first !== undefined) return watchRuns(runs, options, terminal);
  refuseIdle(command, ['agent', 'wait'], 'without a run');
  if (options.env === undefined)
    return watchRuns(PRETRAINED.map(pretrainedRun), options, terminal, `?t=${SHIPPED_TIME}`);
  const trained = pretrainedFor(options.env);
  if (trained !== undefined) {
    const { env, ...others } = options;
    const { number } = inspectWorld(env!);
    return watchRuns([pretrainedRun(trained)], others, terminal, `?t=${2 * number!.trained[1]}`);
  }
  const { makeUntrainedRun } = await import('../../train/untrained-run.ts');
  const untrained = await makeUntrainedRun(options.env);
  // An untrained agent's likeliest action is always the same, so it draws its actions.
  return watchRuns([untrained.path], options, terminal, '?policy=sample').finally(untrained.remove);
}

/** @param opening what the page is opened with, as a query */
async function watchRuns(
  paths: readonly string[],
  options: Options,
  terminal: Terminal,
  opening = '',
): Promise<void> {
  const { openRuns } = await import('../../server/open-runs.ts');
  const { checkpoint = 'last', engine = 'onnx', env, agent, allowCode, wait = false } = options;
  const settings = {
    checkpoint,
    engine,
    env,
    agent,
    allowCode,
    onNote: terminal.note,
    wait,
    lookEvery: LOOK_EVERY,
  };
  const end = untilAsked(terminal.io);
  try {
    const liveOptions = { ...settings, backgroundEpisodes: BACKGROUND_EPISODES };
    const source = await openRuns(paths, liveOptions, end.signal);
    const show = (said: unknown): void => source?.showStudy((said as StudyTextMessage).study);
    if (wait) terminal.io.on('message', show);
    if (source) await serve(source, options, terminal, end.signal, opening);
    terminal.io.off('message', show);
  } finally {
    end.release();
  }
}

async function watchReplay(path: string, options: Options, terminal: Terminal): Promise<void> {
  if (options.env !== undefined) await findWorld(options.env);
  const { ReplaySource } = await import('../../server/replay-source.ts');
  const source = new ReplaySource(path);
  for (const verdict of source.verdicts) terminal.print(said(verdict));
  if (!options.verify) {
    const end = untilAsked(terminal.io);
    return serve(source, options, terminal, end.signal).finally(end.release);
  }
  if (source.verdicts.some(({ differsAt }) => differsAt !== null)) {
    throw new Failure(`${path} does not happen as recorded in this version of the world`);
  }
}

function said({ name, steps, differsAt }: ReplayVerdict): string {
  return differsAt === null
    ? `${name}: all ${steps} steps happen as recorded`
    : `${name}: differs from the recording at step ${differsAt}`;
}

/** Aborts when a person or the system asks for the end, or the process that started this one is gone. */
function untilAsked(io: Io) {
  const asked = new AbortController();
  const abort = (): void => asked.abort();
  const signals = stopOnSignals(io, abort);
  // A parent that was killed early has closed the channel already.
  if (io.send && !io.connected) abort();
  io.on('disconnect', abort);
  return { signal: asked.signal, release: () => signals.release() };
}

/** Serves the page until `end` aborts. @param opening what the page is opened with, as a query */
async function serve(
  source: EpisodeSource,
  { host, port, allowHost: names }: Options,
  { io, print }: Terminal,
  end: AbortSignal,
  opening = '',
): Promise<void> {
  // By default, what is no longer used may come to several times what is before it is collected.
  v8.setFlagsFromString('--heap-growing-percent=25');
  const { WatchServer } = await import('../../server/server.ts');
  const { pageFolder } = await import('../../server/page-folder.ts');
  try {
    const settings = { ...(host && { host }), ...(port && { port }), ...(names && { names }) };
    const server = await WatchServer.start(source, { files: pageFolder, ...settings });
    print(`Watch at ${server.link(opening)} (Ctrl-C ends it)`);
    for (const link of server.linksFromElsewhere(opening)) print(`From other machines: ${link}`);
    if (io.connected) io.send?.({ address: server.link() } satisfies AddressMessage);
    if (!end.aborted) {
      await new Promise<void>((resolve) => end.addEventListener('abort', () => resolve()));
    }
    await server.close();
  } finally {
    await source.close();
  }
}
