import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { requireWritable } from '../../common/output.ts';
import { evaluateRuns } from '../../evaluate/evaluate-runs.ts';
import { figureFile, saveFigure } from '../../render/figure-files.ts';
import { formatMarkdownTable, formatTable } from '../../render/table.ts';
import { createEpisodeCounter } from '../episode-counter.ts';
import { addExamples } from '../examples.ts';
import { addEvaluationOptions, type EvaluationFlags } from '../shared-options.ts';
import { tableSettings } from '../table-settings.ts';

interface Options extends EvaluationFlags {
  readonly figure?: readonly string[] | false;
  readonly markdown?: boolean;
  readonly json?: boolean;
}

const FIGURES = ['comparison.svg', 'comparison.png'];

export default function define(command: Command): void {
  const readFigure = figureFile('--figure');
  command.argument('<run...>', "runs' folders, or a folder that holds runs");
  addEvaluationOptions(command);
  command
    .option(
      '--figure <file>',
      `where to draw, in a file that ends in .svg or .png; may be repeated (default: ${FIGURES.join(' and ')} in this folder, replaced where they exist)`,
      (text: string, before: readonly string[] | false = []) => [
        ...(before || []),
        readFigure(text),
      ],
    )
    .option('--no-figure', 'draw nothing')
    .option('--markdown', 'print the table in Markdown')
    .option('--json', 'print JSON')
    .action(run);
  addExamples(command, {
    'timegrid compare runs/baseline-1 runs/nac-1':
      'two runs: the table, and the figure in comparison.svg and .png',
    'timegrid compare runs': 'every run in a folder; seeds of one agent are one line',
    'timegrid compare runs/* --numbers 5..100:5 --figure far.png --markdown > far.md':
      'other times, figure and table into files',
  });
}

async function run(paths: readonly string[], options: Options): Promise<void> {
  const { figure = FIGURES, markdown, json, ...evaluation } = options;
  if (markdown && json) throw new UsageError('give --markdown or --json, not both');
  const files = figure || [];
  for (const file of files) requireWritable(file);
  const counter = createEpisodeCounter(process.stderr);
  const { evaluations, summary, notes } = await evaluateRuns(paths, {
    ...evaluation,
    onProgress: counter.update,
  }).finally(counter.close);
  if (json) console.log(JSON.stringify({ summary, evaluations }, null, 2));
  else if (markdown) console.log(formatMarkdownTable(summary));
  else console.log(formatTable(summary, tableSettings(process.stdout)));
  for (const note of notes) console.error(`note: ${note}`);
  await saveFigure(summary, files);
  if (files.length > 0) console.error(`the figure is in ${files.join(' and ')}`);
}
