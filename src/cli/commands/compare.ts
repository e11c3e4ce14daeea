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
import type { Terminal } from '../terminal.ts';

interface Options extends EvaluationFlags {
  readonly figure?: readonly string[] | false;
  readonly markdown?: boolean;
  readonly json?: boolean;
}

const FIGURES = ['comparison.svg', 'comparison.png'];

export default function define(command: Command, terminal: Terminal): void {
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
    .action((paths: string[], options: Options) => run(paths, options, terminal));
  addExamples(command, {
    'timegrid compare runs/baseline-1 runs/nac-1':
      'two runs: the table, and the figure in comparison.svg and .png',
    'timegrid compare runs': 'every run in a folder; seeds of one agent are one line',
    'timegrid compare runs/* --numbers 5..100:5 --figure far.png --markdown > far.md':
      'other times, figure and table into files',
  });
}

async function run(paths: readonly string[], options: Options, terminal: Terminal): Promise<void> {
  const { io, print } = terminal;
  const { figure = FIGURES, markdown, json, ...evaluation } = options;
  if (markdown && json) throw new UsageError('give --markdown or --json, not both');
  const files = figure || [];
  for (const file of files) requireWritable(file);
  const counter = createEpisodeCounter(io.stderr);
  const { evaluations, summary, notes } = await evaluateRuns(paths, {
    ...evaluation,
    onProgress: counter.update,
  }).finally(counter.close);
  if (json) terminal.printJson({ summary, evaluations });
  else if (markdown) print(formatMarkdownTable(summary));
  else print(formatTable(summary, tableSettings(io.stdout)));
  for (const note of notes) terminal.note(note);
  await saveFigure(summary, files);
  if (files.length > 0) terminal.say(`the figure is in ${files.join(' and ')}`);
}
