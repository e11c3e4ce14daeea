import type { Command } from 'commander';
import { requireWritable, writeOutput } from '../../common/output.ts';
import { evaluate } from '../../evaluate/evaluate.ts';
import { summarise } from '../../evaluate/summary.ts';
import { formatTable } from '../../render/table.ts';
import { createEpisodeCounter } from '../episode-counter.ts';
import { addExamples } from '../examples.ts';
import { addEvaluationOptions, type EvaluationFlags } from '../shared-options.ts';
import { tableSettings } from '../table-settings.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends EvaluationFlags {
  readonly out?: string;
  readonly json?: boolean;
}

export default function define(command: Command, terminal: Terminal): void {
  command.argument('<run>', "a run's folder, such as runs/nac-1");
  addEvaluationOptions(command);
  command
    .option('--out <file>', 'write the result to a file as JSON')
    .option('--json', 'print JSON')
    .action((path: string, options: Options) => run(path, options, terminal));
  addExamples(command, {
    'timegrid evaluate runs/nac-1': 'from the numbers of training to far beyond',
    'timegrid evaluate runs/nac-1 --numbers 5..30 --policy sample': 'actions drawn from the policy',
    'timegrid evaluate runs/nac-1 --numbers 100,1000 --episodes 50 --json': 'for a program to read',
  });
}

async function run(
  path: string,
  { out, json, ...options }: Options,
  { io, print, note }: Terminal,
): Promise<void> {
  if (out !== undefined) requireWritable(out);
  const counter = createEpisodeCounter(io.stderr);
  const evaluation = await evaluate(path, {
    ...options,
    onNote: note,
    onProgress: (done, total) => counter.update(path, done, total),
  }).finally(counter.close);
  const text = JSON.stringify(evaluation, null, 2);
  if (out !== undefined) writeOutput(out, `${text}\n`);
  print(json ? text : formatTable(summarise([evaluation]), tableSettings(io.stdout)));
}
