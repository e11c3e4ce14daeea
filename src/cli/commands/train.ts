import { type Command, Option } from 'commander';
import { PATHWAYS, type PathwayName, PRESETS, type PresetName } from '../../../agent/config.ts';
import { ENGINES, type EngineName } from '../../../agent/engines/engine.ts';
import { closeGuarded } from '../../../env/guard/ask.ts';
import { type InstructedNumber, make } from '../../../env/index.ts';
import { choice, count, type Settings, settings } from '../../common/parse.ts';
import { findWorld, readReference } from '../../plugins/source.ts';
import type { TrainSettings } from '../../run/description.ts';
import { type CheckpointName, checkpointNames } from '../../run/pointers.ts';
import { type Resumption, resumption } from '../../train/resumption.ts';
import { refuseChanges, resolveSettings, type TrainOptions } from '../../train/settings.ts';
import { type TrainProgress, type TrainResult, trainNew, trainOn } from '../../train/train.ts';
import { WatchProcess } from '../../watch/watch-process.ts';
import { addExamples } from '../examples.ts';
import { stopOnSignals } from '../signals.ts';
import type { Terminal } from '../terminal.ts';

const DEFAULT_CHECKPOINT_FRAMES = 100_000;

interface Options {
  readonly run?: string;
  readonly agent?: PathwayName;
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
      `how the time reaches the LSTM: ${PATHWAYS.join(', ')} (default: nac)`,
      choice('--agent', PATHWAYS),
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
      `frames between checkpoints (default: ${DEFAULT_CHECKPOINT_FRAMES})`,
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
  const { io, note } = terminal;
  const isReference = options.env !== undefined && readReference(options.env) !== undefined;
  const wishes: TrainOptions = {
    pathway: options.agent,
    preset: options.preset,
    configFile: options.config,
    set: options.set,
    env: isReference ? undefined : options.env,
    envOptions: options.envOption,
    seed: options.seed,
    totalFrames: options.frames,
    shards: options.threads,
    engine: options.engine,
  };
  const path = options.run ?? `runs/${options.agent ?? 'nac'}-${options.seed ?? 1}`;
  const { checkpointEvery: checkpointFrames = DEFAULT_CHECKPOINT_FRAMES } = options;
  const moved = isReference ? options.env : undefined;
  const { changedWorld, checkpoint } = options;
  const trainSettings = options.resume
    ? await settingsOf(
        path,
        { ...wishes, checkpointFrames: options.checkpointEvery },
        { env: moved, changedWorld, onNote: note },
      )
    : resolveSettings({ ...wishes, env: options.env && (await findWorld(options.env)).spec.id });
  const { envWorkers } = options;
  const { totalFrames, env } = trainSettings;
  const maxReward = numberOf(env)?.maxReward;
  const most = maxReward === undefined ? {} : { maxReward };
  const label = trainSettings.config.pathway;

  const { createProgress } = await import('../training-progress.ts');
  const progress = createProgress({
    stream: io.stderr,
    labels: [label],
    total: totalFrames,
    colour: io.stderr.isTTY,
  });
  const watch = new WatchProcess([path], options.watch, progress.note, moved);
  await watch.announce();
  const signals = stopOnSignals(io, (signal) => {
    if (signal === 'SIGINT') {
      progress.note('saving what was learned; another Ctrl-C ends it at once');
    }
  });
  const say = (event: object): void => {
    if (options.json) io.stdout.write(`${JSON.stringify(event)}\n`);
  };
  const hooks = {
    onProgress(state: TrainProgress) {
      watch.begin();
      if (options.json) say({ event: 'progress', ...state });
      else progress.update(label, { ...state, meanReward: state.reward, ...most });
    },
    stopRequested: () => signals.stop.aborted,
    onSilence: () => progress.note(silence(env.id, options.patience)),
    patience: options.patience,
  };
  let result: TrainResult;
  try {
    result = options.resume
      ? await trainOn(path, hooks, { env: moved, changedWorld, checkpoint, envWorkers })
      : await trainNew(
          path,
          {
            settings: trainSettings,
            command: terminal.commandLine,
            checkpointFrames,
            overwrite: options.overwrite ?? false,
            envWorkers,
          },
          hooks,
        );
  } finally {
    progress.close();
    signals.release();
  }
  if (!result.finished) await watch.end();
  say({ event: 'end', run: path, ...result });
  if (!options.json)
    terminal.say(result.finished ? trained(path, env) : saved(path, result.frames));
  if (!result.finished) terminal.exitCode = signals.exitCode;
  else await watch.stay((onFirst) => stopOnSignals(io, onFirst));
}

/** The settings of a run to be gone on with, which must be what is wished for. */
async function settingsOf(
  path: string,
  wishes: Parameters<typeof refuseChanges>[2],
  how: Resumption,
): Promise<TrainSettings> {
  const { description } = await resumption(path, how);
  refuseChanges(path, description, wishes);
  return description.settings;
}

/** Where the world tells a number, it can be varied; any agent can be watched. */
function trained(path: string, env: TrainSettings['env']): string {
  return numberOf(env)
    ? `${path} is trained; see how well it follows its number with: timegrid evaluate ${path}`
    : `${path} is trained; see what it does with: timegrid watch ${path}`;
}

function numberOf({ id, options }: TrainSettings['env']): InstructedNumber | undefined {
  const world = make(id, options);
  closeGuarded(world);
  return world.number;
}

const saved = (path: string, frames: number): string =>
  `${path} is saved at frame ${frames}; go on with: timegrid train --run ${path} --resume`;

const silence = (id: string, seconds: number): string =>
  `no answer from ${id} for ${seconds} s: its step or reset may never return; Ctrl-C twice ends it`;
