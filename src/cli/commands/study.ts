import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { pathwaySpecs } from '../../../agent/pathways/index.ts';
import { writeOutput } from '../../common/output.ts';
import { count, numberList, type Settings, settings } from '../../common/parse.ts';
import { numberTaskOf } from '../../evaluate/evaluate.ts';
import { evaluateRuns } from '../../evaluate/evaluate-runs.ts';
import { knownPathway } from '../../plugins/pathways.ts';
import { findWorld } from '../../plugins/worlds.ts';
import { saveFigure } from '../../render/figure-files.ts';
import { formatMarkdownTable, formatTable } from '../../render/table.ts';
import { plan, type StudyRun, trainAll } from '../../study/study.ts';
import { WatchProcess } from '../../watch/watch-process.ts';
import { createEpisodeCounter } from '../episode-counter.ts';
import { addExamples } from '../examples.ts';
import { stopOnSignals } from '../signals.ts';
import { tableSettings } from '../table-settings.ts';
import type { Terminal } from '../terminal.ts';
import { createProgress } from '../training-progress.ts';

interface Options {
  readonly agents: readonly string[];
  readonly seeds: readonly number[];
  readonly frames: number;
  readonly numbers?: readonly number[];
  readonly episodes: number;
  readonly folder: string;
  readonly jobs: number;
  readonly preset?: string;
  readonly env?: string;
  readonly envWorkers?: number;
  readonly set?: Settings;
  readonly envOption?: Settings;
  readonly json?: boolean;
  readonly watch?: true | number;
}

const readAgents = (text: string): string[] => [
  ...new Set(text.split(',').map((id) => knownPathway(id).id)),
];

export default function define(command: Command, terminal: Terminal): void {
  command
    .addOption(
      new Option(
        '--agents <names>',
        `agents to train, of ${pathwaySpecs()
          .map(({ id }) => id)
          .join(', ')}`,
      )
        .argParser(readAgents)
        .default(readAgents('baseline,nac'), 'baseline,nac'),
    )
    .addOption(
      new Option('--seeds <list>', 'seeds to train each with, such as 1..3')
        .argParser(numberList('--seeds'))
        .default([1], '1'),
    )
    .option('--frames <count>', 'frames to train each on', count('--frames'), 1_500_000)
    .option(
      '--numbers <list>',
      'numbers to evaluate at, in the timed grid times (default: from the least in training to two and a half times the greatest)',
      numberList('--numbers'),
    )
    .option('--episodes <count>', 'episodes at each number', count('--episodes'), 200)
    .addOption(
      new Option(
        '--folder <folder>',
        'where the runs and the figure go; what is trained there already stays',
      ).default('runs/study', 'runs/study'),
    )
    .addOption(
      new Option('--jobs <count>', 'trainings at once')
        .argParser(count('--jobs'))
        .default(availableParallelism(), 'the cores'),
    )
    .option('--preset <name>', 'as for train')
    .option('--env <world>', 'as for train')
    .option('--env-workers <count>', 'as for train', count('--env-workers', { min: 0, max: 64 }))
    .option('--set <key=value...>', 'as for train', settings('--set'))
    .option('--env-option <key=value...>', 'as for train', settings('--env-option'))
    .option(
      '--watch [port]',
      'show the agents in a page while they learn, until Ctrl-C',
      count('--watch', { max: 65_535 }),
    )
    .option('--json', 'print the numbers as JSON instead of the table')
    .action((options: Options) => run(options, terminal));
  addExamples(command, {
    'timegrid study': 'baseline against NAC, a core each: train, evaluate, table, figure',
    'timegrid study --frames 3e5 --folder runs/taste': 'a taste of it',
    'timegrid study --seeds 1..3 --frames 4e6 --folder runs/three': 'three seeds of each',
  });
}

async function run(options: Options, terminal: Terminal): Promise<void> {
  const { io } = terminal;
  await requireNumber(options);
  const runs = plan(options.folder, options.agents, options.seeds, passedOn(options));
  const progress = createProgress({
    stream: io.stderr,
    labels: runs.map(({ label }) => label),
    total: options.frames,
    colour: io.stderr.isTTY,
  });
  const watch = new WatchProcess(
    runs.map(({ path }) => path),
    options.watch,
    progress.note,
  );
  await watch.announce();
  const signals = stopOnSignals(io);
  let trained: boolean;
  try {
    trained = await trainAll(
      runs,
      Math.min(options.jobs, runs.length),
      {
        onProgress: ({ label }, state) => {
          watch.begin();
          progress.update(label, { ...state, meanReward: state.reward });
        },
        onNote: ({ label }, sentence) => progress.note(`${label}: ${sentence}`),
        onEnd: ({ label, path }, trainedNow) =>
          progress.finish(label, trainedNow ? undefined : `already trained in ${path}`),
      },
      signals.stop,
    );
  } finally {
    progress.close();
    signals.release();
  }
  if (trained) {
    watch.begin();
    await report(options, runs, terminal);
    return watch.stay((onFirst) => stopOnSignals(io, onFirst));
  }
  await watch.end();
  terminal.say('every training is saved; the same command goes on');
  terminal.exitCode = signals.exitCode;
}

/** A study ends in a comparison, so what cannot be compared is refused before anything is trained. */
async function requireNumber({ env = 'TimedGrid-v0', envOption }: Options): Promise<void> {
  numberTaskOf({ id: (await findWorld(env)).spec.id, options: envOption ?? {} });
}

/** Evaluates all runs alike, prints the table and leaves it in the folder, with the figure and the numbers. */
async function report(
  options: Options,
  runs: readonly StudyRun[],
  { io, print, say }: Terminal,
): Promise<void> {
  const { numbers, episodes, folder, json } = options;
  const paths = runs.map(({ path }) => path);
  const counter = createEpisodeCounter(io.stderr);
  const { evaluations, summary } = await evaluateRuns(paths, {
    ...(numbers && { numbers }),
    episodes,
    onProgress: counter.update,
  }).finally(counter.close);
  const text = `${JSON.stringify({ summary, evaluations }, null, 2)}\n`;
  writeOutput(join(folder, 'comparison.json'), text);
  writeOutput(join(folder, 'comparison.md'), `${formatMarkdownTable(summary)}\n`);
  const figures = ['svg', 'png'].map((type) => join(folder, `comparison.${type}`));
  await saveFigure(summary, figures);
  if (json) io.stdout.write(text);
  else print(formatTable(summary, tableSettings(io.stdout)));
  say(`the figure is in ${figures.join(' and ')}, the numbers beside it`);
}

/** The options of `train` that are the same for every run. */
function passedOn(options: Options): string[] {
  const { frames, preset, env, envWorkers, set = {}, envOption = {} } = options;
  const pairs = (flag: string, values: Settings) =>
    Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${JSON.stringify(value)}`]);
  return [
    ...['--frames', String(frames)],
    ...(preset ? ['--preset', preset] : []),
    ...(env ? ['--env', env] : []),
    ...(envWorkers === undefined ? [] : ['--env-workers', String(envWorkers)]),
    ...pairs('--set', set),
    ...pairs('--env-option', envOption),
  ];
}
