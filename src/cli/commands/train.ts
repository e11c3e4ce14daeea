import { type Command, Option } from 'commander';
import type { PresetName } from '../../../agent/config.ts';
import type { EngineName } from '../../../agent/engines/engine.ts';
import { inspectWorld } from '../../../env/index.ts';
import { choice, count, type Settings } from '../../common/parse.ts';
import { readReference } from '../../plugins/reference.ts';
import { type CheckpointName, checkpointNames } from '../../run/checkpoint-names.ts';
import { LEAST_KEPT, MOST_KEPT } from '../../run/kept-points.ts';
import { runNamed } from '../../run/pretrained.ts';
import type { TrainSettings } from '../../run/train-settings.ts';
import { WatchProcess } from '../../server/watch-process.ts';
import type { TrainProgress } from '../../train/logbook.ts';
import { type TrainResult, train } from '../../train/train.ts';
import { addExamples } from '../examples.ts';
import { createProgress, trainingFigures } from '../progress.ts';
import {
  ALLOW_CODE,
  addEngineOption,
  addEnvWorkersOption,
  addTrainingOptions,
  addWatchOption,
  agentNames,
} from '../shared-options.ts';
import { stopOnSignals } from '../signals.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly run?: string;
  readonly agent?: string;
  readonly preset?: PresetName;
  readonly set?: Settings;
  readonly env?: string;
  readonly envOption?: Settings;
  readonly seed?: number;
  readonly frames?: number;
  readonly initFrom?: string;
  readonly threads?: number;
  readonly envWorkers?: number;
  readonly engine?: EngineName;
  readonly checkpointEvery?: number;
  readonly keep?: number;
  readonly resume?: true | CheckpointName;
  readonly allowChangedWorld?: boolean;
  readonly allowCode?: boolean;
  readonly worldTimeout: number;
  readonly overwrite?: boolean;
  readonly json?: boolean;
  readonly watch?: true | number;
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .optionsGroup('What to train:')
    .option(
      '--agent <pathway>',
      `${agentNames()}, a file such as ./my-pathway.ts, or some-package#Name (default: nac)`,
    );
  addTrainingOptions(command)
    .option('--seed <number>', 'random seed (default: 1)', count('--seed', { min: 0 }))
    .option(
      '--frames <count>',
      'frames to train on; with --resume, a greater count extends the run (default: 2e6)',
      count('--frames'),
    )
    .option(
      '--init-from <run>',
      'start from the trained parameters of a run with the same pathway, network size and world shape; a pretrained agent has its name',
      runNamed,
    )
    .optionsGroup('The run:')
    .option('--run <folder>', "the run's folder (default: runs/<agent>-<seed>)")
    .addOption(
      new Option(
        '--resume [checkpoint]',
        `resume the run in the folder from a checkpoint: ${checkpointNames.join(', ')} (default: last); anything later is discarded`,
      ).argParser(choice('--resume', checkpointNames)),
    )
    .option('--allow-changed-world', 'with --resume: resume even if the world has changed')
    .option(ALLOW_CODE[0], `with --resume: ${ALLOW_CODE[1]}`)
    .option('--overwrite', 'replace the run in the folder')
    .option(
      '--checkpoint-every <frames>',
      'frames between checkpoints (default: 100000)',
      count('--checkpoint-every'),
    )
    .option(
      '--keep <count>',
      'checkpoints to keep of the whole training, so that the page can show how the agent learned (default: none)',
      count('--keep', { min: LEAST_KEPT, max: MOST_KEPT }),
    )
    .optionsGroup('How to compute:')
    .option(
      '--threads <count>',
      'threads to train with, each stepping a share of the worlds; results depend on it (default: the number of cores)',
      count('--threads', { max: 256 }),
    );
  addEngineOption(addEnvWorkersOption(command))
    .addOption(
      new Option('--world-timeout <seconds>', 'seconds before an unresponsive world is reported')
        .argParser(count('--world-timeout', { max: 3600 }))
        .default(30),
    )
    .optionsGroup('What to show:');
  addWatchOption(command)
    .option('--json', 'print progress as JSON lines to standard output')
    .action((options: Options) => run(options, terminal));
  addExamples(command, {
    'timegrid train': 'the NAC agent in the timed grid, into runs/nac-1',
    'timegrid train --agent baseline --seed 2 --frames 4e6': 'another agent, seed and length',
    'timegrid train --run runs/nac-1 --resume': 'resume an interrupted run',
    'timegrid train --run runs/nac-1 --resume --frames 4e6':
      'extend it; schedules such as that of the learning rate follow the new end from here on',
    'timegrid train --init-from runs/nac-1 --env-option timeMax=20 --run runs/further':
      'start from what another agent has learned',
    'timegrid train --preset a3c --set learningRate=7e-4 entropyBonus=0.02 --run runs/big':
      'a larger network with another learning rate',
    'timegrid new-env my-world && timegrid train --env ./my-world.ts --run runs/mine':
      'a world of your own',
    'timegrid train --env-option size=3 pixels=36 timeMin=3 timeMax=6 --run runs/three':
      'a smaller world',
  });
}

async function run(options: Options, terminal: Terminal): Promise<void> {
  const { watch: port, envOption: envOptions, json, worldTimeout, ...rest } = options;
  const progress = createProgress(terminal.io.stderr, { logParts: 20 });
  const stop = stopOnSignals(terminal.io, (signal) => {
    if (signal === 'SIGINT') {
      progress.note('saving the training; press Ctrl-C again to end at once');
    }
  });
  const emit = (event: object): void => {
    if (json) terminal.print(JSON.stringify(event));
  };
  let watch: WatchProcess | undefined;
  let figures: (state: TrainProgress) => string[] = () => [];
  let training: { run: string; settings: TrainSettings } | undefined;
  let result: TrainResult;
  try {
    result = await train(
      { ...rest, envOptions, command: terminal.commandLine },
      {
        async onStart(started) {
          training = started;
          const { totalFrames, env } = started.settings;
          const maxReward = inspectWorld(env.id, env.options).number?.maxReward;
          figures = (state) => trainingFigures(state, totalFrames, maxReward);
          const found = { env: named(options.env), agent: named(options.agent) };
          watch = new WatchProcess([started.run], port, progress.note, found);
          await watch.announce();
        },
        onProgress(state) {
          watch!.begin();
          const { config, totalFrames } = training!.settings;
          if (json) emit({ event: 'progress', ...state });
          else progress.update(config.pathway, state.frames / totalFrames, figures(state));
        },
        onNote: (sentence) => progress.note(`note: ${sentence}`),
        signal: stop.stop,
        worldTimeout,
      },
    );
  } finally {
    progress.close();
    stop.release();
  }
  const { run: path, frames, finished } = result;
  if (!finished) await watch!.end();
  emit({ event: 'end', run: path, frames, finished });
  if (!json) terminal.say(finished ? trained(path, training!.settings.env) : saved(path, frames));
  if (finished) await watch!.stay((onFirst) => stopOnSignals(terminal.io, onFirst));
  else terminal.exitCode = stop.exitCode;
}

/** A name of a file or a package, as opposed to an id. */
const named = (name: string | undefined): string | undefined =>
  name !== undefined && readReference(name) ? name : undefined;

/** What to do next: a number can be varied, and any agent can be watched. */
function trained(path: string, env: TrainSettings['env']): string {
  return inspectWorld(env.id, env.options).number
    ? `${path} is trained; measure how well it follows its number with: timegrid evaluate ${path}`
    : `${path} is trained; see what it does with: timegrid watch ${path}`;
}

const saved = (path: string, frames: number): string =>
  `${path} is saved at frame ${frames}; resume it with: timegrid train --run ${path} --resume`;
