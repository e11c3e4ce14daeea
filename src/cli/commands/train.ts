import { type Command, Option } from 'commander';
import { PRESETS, type PresetName } from '../../../agent/config.ts';
import { ENGINES, type EngineName } from '../../../agent/engines/engine.ts';
import { inspectWorld } from '../../../env/index.ts';
import { choice, count, type Settings, settings } from '../../common/parse.ts';
import { readReference } from '../../plugins/reference.ts';
import type { TrainSettings } from '../../run/description.ts';
import { type CheckpointName, checkpointNames } from '../../run/pointers.ts';
import type { TrainProgress } from '../../train/logbook.ts';
import { type TrainResult, train } from '../../train/train.ts';
import { WatchProcess } from '../../watch/watch-process.ts';
import { addExamples } from '../examples.ts';
import { type StopRequest, stopOnSignals } from '../signals.ts';
import type { Terminal } from '../terminal.ts';
import type { Progress } from '../training-progress.ts';

interface Options {
  readonly run?: string;
  readonly agent?: string;
  readonly preset?: PresetName;
  readonly config?: string;
  readonly set?: Settings;
  readonly env?: string;
  readonly envOption?: Settings;
  readonly seed?: number;
  readonly frames?: number;
  readonly threads?: number;
  readonly envWorkers?: number;
  readonly engine?: EngineName;
  readonly checkpointEvery?: number;
  readonly resume?: boolean;
  readonly checkpoint?: CheckpointName;
  readonly changedWorld?: boolean;
  readonly patience: number;
  readonly overwrite?: boolean;
  readonly json?: boolean;
  readonly watch?: true | number;
}

export default function define(command: Command, terminal: Terminal): void {
  const presets = Object.keys(PRESETS) as PresetName[];
  command
    .option(
      '--agent <pathway>',
      'an agent that timegrid agents lists, a file such as ./my-pathway.ts, or some-package#Name (default: nac)',
    )
    .option(
      '--env <world>',
      'an id, a file such as ./my-world.ts, or some-package#World (default: TimedGrid-v0)',
    )
    .option(
      '--seed <number>',
      'seed of everything random (default: 1)',
      count('--seed', { min: 0 }),
    )
    .option('--frames <count>', 'frames to train on (default: 2e6)', count('--frames'))
    .option('--run <folder>', "the run's folder (default: runs/<agent>-<seed>)")
    .option(
      '--preset <name>',
      `sizes of the network: ${presets.join(', ')} (default: small)`,
      choice('--preset', presets),
    )
    .option('--config <file>', "JSON with keys of the agent's configuration")
    .option(
      '--set <key=value...>',
      "keys of the agent's configuration (timegrid agents nac lists them)",
      settings('--set'),
    )
    .option(
      '--env-option <key=value...>',
      'options of the world (timegrid envs TimedGrid-v0 lists them)',
      settings('--env-option'),
    )
    .option(
      '--threads <count>',
      'shards of the worlds, a thread each (default: the cores)',
      count('--threads', { max: 256 }),
    )
    .option(
      '--env-workers <count>',
      'further threads of each shard that step its worlds, for slow ones; the result is the same (default: none)',
      count('--env-workers', { min: 0, max: 64 }),
    )
    .option(
      '--engine <name>',
      `what computes: ${ENGINES.join(', ')} (default: onnx)`,
      choice('--engine', ENGINES),
    )
    .option(
      '--checkpoint-every <frames>',
      'frames between checkpoints (default: 100000)',
      count('--checkpoint-every'),
    )
    .addOption(new Option('--resume', 'go on with the run in the folder').conflicts('overwrite'))
    .addOption(
      new Option('--changed-world', 'go on though the world has changed since; implies --resume')
        .implies({ resume: true })
        .conflicts('overwrite'),
    )
    .addOption(
      new Option(
        '--checkpoint <name>',
        `go on from this one, and forget what came after: ${checkpointNames.join(', ')} (default: last); implies --resume`,
      )
        .argParser(choice('--checkpoint', checkpointNames))
        .implies({ resume: true })
        .conflicts('overwrite'),
    )
    .option('--overwrite', 'start anew in a folder that holds a run')
    .addOption(
      new Option('--patience <seconds>', 'how long a world may give no answer before it is named')
        .argParser(count('--patience', { max: 3600 }))
        .default(30),
    )
    .option(
      '--watch [port]',
      'show the agent in a page while it learns, until Ctrl-C',
      count('--watch', { max: 65_535 }),
    )
    .option('--json', 'print progress as JSON lines on the standard output')
    .action((options: Options) => run(options, terminal));
  addExamples(command, {
    'timegrid train': 'the NAC agent on the timed grid, into runs/nac-1',
    'timegrid train --agent baseline --seed 2 --frames 4e6': 'another agent, seed and length',
    'timegrid train --run runs/nac-1 --resume': 'go on with a run that was interrupted',
    'timegrid train --preset a3c --set learningRate=7e-4 entropyBonus=0.02 --run runs/big':
      'a larger network, learning otherwise',
    'timegrid train --env ./my-world.ts': 'a world of your own (timegrid new-env writes one)',
    'timegrid train --env-option size=3 pixels=36 timeMin=3 timeMax=6 --run runs/three':
      'a smaller world',
  });
}

async function run(options: Options, terminal: Terminal): Promise<void> {
  const { io } = terminal;
  const { watch: port, envOption: envOptions, json, patience, ...rest } = options;
  const { createProgress } = await import('../training-progress.ts');
  const stop = new AbortController();
  let progress: Progress | undefined;
  let watch: WatchProcess | undefined;
  let signals: StopRequest | undefined;
  let env: TrainSettings['env'] | undefined;
  let show: (state: TrainProgress) => void = () => {};
  const note = (sentence: string): void => {
    if (progress) progress.note(sentence);
    else terminal.note(sentence);
  };
  const say = (event: object): void => {
    if (json) terminal.print(JSON.stringify(event));
  };
  let result: TrainResult;
  try {
    result = await train(
      { ...rest, envOptions, command: terminal.commandLine },
      {
        async onStart({ run, settings }) {
          env = settings.env;
          const label = settings.config.pathway;
          const maxReward = inspectWorld(env.id, env.options).number?.maxReward;
          const most = maxReward === undefined ? {} : { maxReward };
          show = (state) =>
            progress!.update(label, { ...state, meanReward: state.reward, ...most });
          progress = createProgress({
            stream: io.stderr,
            labels: [label],
            total: settings.totalFrames,
            colour: io.stderr.isTTY,
          });
          const isMoved = options.env !== undefined && readReference(options.env) !== undefined;
          watch = new WatchProcess([run], port, note, isMoved ? options.env : undefined);
          await watch.announce();
          signals = stopOnSignals(io, (signal) => {
            stop.abort();
            if (signal === 'SIGINT')
              note('saving what was learned; another Ctrl-C ends it at once');
          });
        },
        onProgress(state) {
          watch?.begin();
          if (json) say({ event: 'progress', ...state });
          else show(state);
        },
        onNote: note,
        signal: stop.signal,
        patience,
      },
    );
  } finally {
    progress?.close();
    signals?.release();
  }
  const { run: path, frames, finished } = result;
  if (!finished) await watch!.end();
  say({ event: 'end', run: path, frames, finished });
  if (!json) terminal.say(finished ? trained(path, env!) : saved(path, frames));
  if (finished) await watch!.stay((onFirst) => stopOnSignals(io, onFirst));
  else terminal.exitCode = signals!.exitCode;
}

/** Where the world tells a number, it can be varied; any agent can be watched. */
function trained(path: string, env: TrainSettings['env']): string {
  return inspectWorld(env.id, env.options).number
    ? `${path} is trained; see how well it follows its number with: timegrid evaluate ${path}`
    : `${path} is trained; see what it does with: timegrid watch ${path}`;
}

const saved = (path: string, frames: number): string =>
  `${path} is saved at frame ${frames}; go on with: timegrid train --run ${path} --resume`;
