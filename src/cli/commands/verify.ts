import { join } from 'node:path';
import type { Command } from 'commander';
import { columns } from '../../render/align-columns.ts';
import { holdsRun, runsIn } from '../../run/folder.ts';
import { runNamed } from '../../run/pretrained.ts';
import { type RunFinding, repairRun, verifyRun } from '../../run/verify.ts';
import { addExamples } from '../examples.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly repair?: boolean;
  readonly json?: boolean;
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument('<run...>', 'folders of runs, folders that hold runs, or pretrained agents')
    .option(
      '--repair',
      'restore run.json and checkpoints.json from whole checkpoints, and keep what is whole of damaged logs',
    )
    .option('--json', 'print the findings as JSON')
    .action((paths: string[], options: Options) => run(paths, options, terminal));
  addExamples(command, {
    'timegrid export nac --run shared/nac && timegrid verify shared/nac':
      'every byte of one run; exit code 1 unless all are whole',
    'timegrid verify shared --json': 'every run in a folder, for a program to read',
    'timegrid verify shared/nac --repair': 'put right what can be put right',
  });
}

async function run(
  paths: readonly string[],
  { repair, json }: Options,
  terminal: Terminal,
): Promise<void> {
  const runs = paths.map(runNamed).flatMap((path) => {
    const below = holdsRun(path) ? [] : runsIn(path).map((name) => join(path, name));
    return below.length > 0 ? below : [path];
  });
  const findings: RunFinding[] = [];
  for (const path of runs) {
    if (repair && !verifyRun(path).isWhole) await repairRun(path, terminal.note);
    const finding = verifyRun(path);
    findings.push(finding);
    if (!json) terminal.print(written(finding));
  }
  if (json) terminal.printJson(findings);
  if (findings.some(({ isWhole }) => !isWhole)) terminal.exitCode = 1;
}

function written({ run, isWhole, files }: RunFinding): string {
  const lines = columns(files.map(({ file, state, about }) => [`  ${file}`, state, about]));
  const remedies = files.flatMap(({ file, remedy }) => (remedy ? [`  ${file}: ${remedy}`] : []));
  const head = `${run} is ${isWhole ? 'whole' : 'damaged'}`;
  return [
    head,
    ...lines,
    ...(remedies.length > 0 ? ['what can be restored:'] : []),
    ...remedies,
  ].join('\n');
}
