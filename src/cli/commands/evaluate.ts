import { extname } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { isStream, requireWritable, writeOutput } from '../../common/output.ts';
import { count } from '../../common/parse.ts';
import { evaluate } from '../../evaluate/evaluate.ts';
import { formatCsv } from '../../render/evaluation-csv.ts';
import { formatMarkdownTable, formatTable } from '../../render/evaluation-table.ts';
import { PRETRAINED, runNamed } from '../../run/pretrained.ts';
import { addExamples } from '../examples.ts';
import { createEpisodeProgress } from '../progress.ts';
import {
  addCheckpointOption,
  addEngineOption,
  addEpisodesOption,
  addMovedOptions,
  addNumbersOption,
  addPolicyOption,
  addThreadsOption,
  type EvaluationFlags,
} from '../shared-options.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends EvaluationFlags {
  readonly figure?: readonly string[];
  readonly out?: string;
  readonly csv?: string;
  readonly metrics?: boolean;
  readonly markdown?: boolean;
  readonly json?: boolean;
  readonly envWorkers?: number;
}

export default function define(command: Command, terminal: Terminal): void {
  command.argument(
    '<run...>',
    `folders of runs, folders that hold runs, or pretrained agents: ${PRETRAINED.join(', ')}, or a world's id, such as CountCoins-v0`,
  );
  addNumbersOption(command.optionsGroup('What to play:'));
  addPolicyOption(addEpisodesOption(command, 200));
  addMovedOptions(addCheckpointOption(command));
  addThreadsOption(addEngineOption(command.optionsGroup('How to compute:')))
    .option(
      '--env-workers <count>',
      'step slow worlds on at least this many threads, even for few episodes; results do not depend on it (default: none)',
      count('--env-workers', { min: 0, max: 64 }),
    )
    .optionsGroup('What to write:')
    .option(
      '--figure <file>',
      'draw reward and exact episodes into a file that ends in .svg or .png; may be repeated',
      (text: string, before: readonly string[] = []) => [...before, figureFile(text)],
    )
    .option('--metrics', 'show the signed error and every metric of the world in the table too')
    .option('--out <file>', 'write all numbers, errors and metrics to a file as JSON')
    .option('--csv <file>', 'write them as CSV; - prints them instead of the table')
    .option('--markdown', 'print the table in Markdown')
    .option('--json', 'print the numbers as JSON')
    .action((paths: string[], options: Options) => run(paths, options, terminal));
  addExamples(command, {
    'timegrid evaluate nac': 'a pretrained agent, from the numbers of training to far beyond',
    'timegrid evaluate baseline nac --figure reward.png': 'two agents side by side',
    'timegrid evaluate nac nac-clock --numbers 5..100:5 --episodes 50 --markdown':
      'at numbers of your choice; for several runs of a folder, name the folder',
    'timegrid evaluate nac-clock --numbers 100,1000 --episodes 50 --json': 'for a program to read',
    'timegrid evaluate nac --metrics --csv nac.csv':
      "how early or late it is, with the world's own metrics",
  });
}

function figureFile(text: string): string {
  if (['.svg', '.png'].includes(extname(text).toLowerCase()) || isStream(text)) return text;
  throw new UsageError(`--figure takes a file that ends in .svg or .png, not "${text}"`);
}

async function run(
  paths: readonly string[],
  { figure = [], out, csv, metrics, markdown, json, ...evaluation }: Options,
  terminal: Terminal,
): Promise<void> {
  const printed = { markdown, json, 'csv -': csv === '-' || undefined };
  const [one, another] = Object.entries(printed).flatMap(([name, is]) => (is ? [name] : []));
  if (another !== undefined) throw new UsageError(`give --${one} or --${another}, not both`);
  const files = [...figure, ...[out, csv].filter((file) => file !== undefined && file !== '-')];
  for (const file of files as string[]) requireWritable(file);
  const progress = createEpisodeProgress(terminal.io.stderr);
  const { evaluations, summary, notes } = await evaluate(paths.map(runNamed), {
    ...evaluation,
    onProgress: progress.update,
  }).finally(progress.close);
  const numbers = { summary, evaluations };
  if (json) terminal.printJson(numbers);
  else if (markdown) terminal.print(formatMarkdownTable(summary, { metrics }));
  else if (csv === '-') terminal.print(formatCsv(evaluations));
  else terminal.printStyled(formatTable(summary, { ...terminal.table, metrics }));
  for (const note of notes) terminal.note(note);
  if (csv !== undefined && csv !== '-') writeOutput(csv, `${formatCsv(evaluations)}\n`);
  if (out !== undefined) writeOutput(out, `${JSON.stringify(numbers, null, 2)}\n`);
  if (figure.length === 0) return;
  const { saveFigure } = await import('../../render/draw-spec.ts');
  const { drawNumberFigure } = await import('../../render/number-figure.ts');
  saveFigure(await drawNumberFigure(summary), figure);
}
