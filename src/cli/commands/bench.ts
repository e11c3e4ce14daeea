import { type Command, Option } from 'commander';
import { PRESETS, type PresetName } from '../../../agent/config.ts';
import { ENGINES } from '../../../agent/engines/engine.ts';
import { SECTIONS, type Section } from '../../bench/sections.ts';
import { UsageError } from '../../common/errors.ts';
import { choice, count } from '../../common/parse.ts';
import { addExamples } from '../examples.ts';
import { refuseIdle } from '../refuse-idle.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly seconds: number;
  readonly threads: number;
  readonly engines?: readonly (typeof ENGINE_CHOICES)[number][];
  readonly presets: readonly PresetName[];
  readonly env?: string;
  readonly json?: boolean;
}

/** `all` are those that load. */
const ENGINE_CHOICES = [...ENGINES, 'all'] as const;
const presets = Object.keys(PRESETS) as PresetName[];

/** The sections that an option affects. */
const HEEDED: Readonly<Record<string, readonly Section[]>> = {
  threads: ['worlds', 'training'],
  engines: ['engines'],
  env: ['worlds'],
  presets: ['engines', 'training'],
};

const MOST_SECONDS = 3600;

/** Distinct names of `choices`, between commas. */
const list =
  <Name extends string>(option: string, choices: readonly Name[]) =>
  (text: string): Name[] => [...new Set(text.split(',').map(choice(option, choices)))];

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
    .option('--env <world>', 'the world to step (default: TimedGrid-v0)')
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
  const world = options.env && (await findWorld(options.env)).spec.id;
  const loading = await availableEngines();
  const asked = options.engines ?? loading.filter((name) => name !== 'cpu');
  const engines = asked.flatMap((name) => (name === 'all' ? loading : name));
  for (const name of engines) await loadEngine(name);
  const result = await runBenchmarks(
    {
      sections,
      seconds: options.seconds,
      ...(world && { world }),
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
