import { type Command, Option } from 'commander';
import { PRESETS, type PresetName } from '../../../agent/config.ts';
import { ENGINES } from '../../../agent/engines/engine.ts';
import { inspectWorld } from '../../../env/index.ts';
import { SECTIONS, type Section } from '../../bench/sections.ts';
import { UsageError } from '../../common/errors.ts';
import { choice, count, type Settings, settings } from '../../common/parse.ts';
import type { WorldChoice } from '../../plugins/worlds.ts';
import { addExamples } from '../examples.ts';
import { refuseIdle } from '../refuse-idle.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly seconds: number;
  readonly threads: number;
  readonly engines?: readonly (typeof ENGINE_CHOICES)[number][];
  readonly presets: readonly PresetName[];
  readonly env?: string;
  readonly envOption?: Settings;
  readonly vary?: readonly Settings[];
  readonly json?: boolean;
}

/** `all` are those that load. */
const ENGINE_CHOICES = [...ENGINES, 'all'] as const;
const presets = Object.keys(PRESETS) as PresetName[];

/** The sections that an option affects. */
const HEEDED: Readonly<Record<string, readonly Section[]>> = {
  threads: ['worlds', 'training'],
  engines: ['engines'],
  env: ['worlds', 'engines', 'training', 'programs'],
  envOption: ['worlds', 'engines', 'training', 'programs'],
  vary: ['training'],
  presets: ['engines', 'training', 'programs'],
};

const MOST_SECONDS = 3600;

/** Distinct names of `choices`, between commas. */
const list =
  <Name extends string>(option: string, choices: readonly Name[]) =>
  (text: string): Name[] => [...new Set(text.split(',').map(choice(option, choices)))];

/** Each value of `pixels=56,112` as settings of their own. */
function readVaried(text: string): Settings[] {
  const [, name, values] = /^\s*([^=\s]+)\s*=(.+)$/s.exec(text) ?? [];
  if (!name || !values) {
    throw new UsageError(`--vary takes key=values, such as pixels=56,112, not "${text}"`);
  }
  return values.split(',').map((value) => settings('--vary')(`${name}=${value}`));
}

function readSeconds(text: string): number {
  const seconds = text.trim() === '' ? Number.NaN : Number(text);
  if (seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  throw new UsageError(
    `--seconds takes a number above 0 and up to ${MOST_SECONDS}, such as 0.5, not "${text}"`,
  );
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument(
      '[sections...]',
      `what to measure: ${SECTIONS.join(', ')} (default: all)`,
      (text: string, before: Section[] = []) => [...before, choice('bench', SECTIONS)(text)],
    )
    .option('--seconds <number>', 'seconds to measure each figure', readSeconds, 4)
    .option(
      '--threads <count>',
      'threads to compare with one thread, in training and in slow worlds',
      count('--threads', { max: 32 }),
      2,
    )
    .option(
      '--engines <names>',
      `engines to measure, of ${ENGINES.join(', ')}, or all (default: those that load, except the slow cpu)`,
      list('--engines', ENGINE_CHOICES),
    )
    .option(
      '--env <world>',
      'the world to step and to train in: an id, a file such as ./my-world.ts, or some-package#World (default: TimedGrid-v0)',
    )
    .option('--env-option <key=value...>', 'options of that world', settings('--env-option'))
    .option(
      '--vary <key=values>',
      'an option of that world, and the values with which to compare training, such as pixels=56,112',
      readVaried,
    )
    .addOption(
      new Option('--presets <names>', `presets to measure, of ${presets.join(', ')}`)
        .argParser(list('--presets', presets))
        .default(presets, 'all'),
    )
    .option('--json', 'print JSON')
    .action((named: Section[], options: Options) => {
      const sections = named.length > 0 ? named : SECTIONS;
      for (const [name, needed] of Object.entries(HEEDED)) {
        if (needed.some((section) => sections.includes(section))) continue;
        refuseIdle(command, [name], `without measuring ${needed.join(' or ')}`);
      }
      return run(sections, options, terminal);
    });
  addExamples(command, {
    'timegrid bench': 'everything, in about two minutes',
    'timegrid bench worlds matmul --seconds 1': 'two quick measurements',
    'timegrid bench worlds --env TimedMaze-v0':
      'how fast one world is; one of your own is a file, ./my-world.ts',
    'timegrid bench engines --engines all': 'with plain JavaScript for comparison',
    'timegrid bench training --presets a3c --threads 4 --json': 'for a program to read',
    'timegrid bench training --presets small --vary pixels=56,112':
      'what larger pictures cost a training',
    'timegrid bench programs': 'where the time of a training goes',
  });
}

async function run(
  sections: readonly Section[],
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const { availableEngines, loadEngine } = await import('../../../agent/engines/index.ts');
  const { runBenchmarks } = await import('../../bench/run.ts');
  const { formatBenchmarks } = await import('../../render/bench-table.ts');
  const { findWorld } = await import('../../plugins/worlds.ts');
  const { spec, source } = await findWorld(options.env ?? 'TimedGrid-v0');
  const given = { id: spec.id, options: options.envOption ?? {}, ...(source && { source }) };
  const twice = Object.keys(options.vary?.[0] ?? {}).find((name) => name in given.options);
  if (twice) throw new UsageError(`--vary and --env-option both set ${twice}: leave one out`);
  const worldWith = (varied: Settings = {}): WorldChoice => {
    const world = { ...given, options: { ...given.options, ...varied } };
    inspectWorld(world.id, world.options); // refuses options that it does not have
    return world;
  };
  const loading = await availableEngines();
  const asked = options.engines ?? loading.filter((name) => name !== 'cpu');
  const engines = asked.flatMap((name) => (name === 'all' ? loading : name));
  for (const name of engines) await loadEngine(name);
  const result = await runBenchmarks(
    {
      sections,
      seconds: options.seconds,
      world: worldWith(),
      trainingWorlds: (options.vary ?? [undefined]).map(worldWith),
      fastest: loading[0]!,
      engines: ENGINES.filter((name) => engines.includes(name)),
      presets: options.presets,
      threads: options.threads,
    },
    (what) => terminal.say(`measuring ${what}`),
  );
  if (options.json) terminal.printJson(result);
  else terminal.print(formatBenchmarks(result));
}
