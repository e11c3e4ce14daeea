import type { Command } from 'commander';
import { printableLines } from '../../../env/printable.ts';
import { checkApart } from '../../check/check-thread.ts';
import { count, type Settings, settings } from '../../common/parse.ts';
import { formatReport } from '../../render/check-report.ts';
import { addExamples } from '../examples.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly envOption?: Settings;
  readonly set?: Settings;
  readonly timeout: number;
  readonly json?: boolean;
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument(
      '<world, pathway or cell>',
      'an id such as TimedGrid-v0, nac-clock or nmu, a file or some-package#Name',
    )
    .option('--env-option <key=value...>', 'options of a world', settings('--env-option'))
    .option('--set <key=value...>', 'options of a pathway', settings('--set'))
    .option(
      '--timeout <seconds>',
      'time limit per rule, in seconds',
      count('--timeout', { max: 3600 }),
      30,
    )
    .option('--json', 'print JSON')
    .action((named: string, options: Options) => run(named, options, terminal));
  addExamples(command, {
    'timegrid new-env my-world && timegrid check ./my-world.ts':
      'whether a world of your own follows every rule',
    'timegrid check TimedGrid-v0 --env-option size=9 pixels=72': 'a world with other options',
    'timegrid check nac-clock --json':
      'a pathway, for a program to read; exit code 1 if a rule is broken',
    'timegrid check nmu': 'an arithmetic cell',
  });
}

async function run(
  named: string,
  { envOption, set, timeout, json }: Options,
  terminal: Terminal,
): Promise<void> {
  const report = await checkApart({ named, envOption, set }, timeout, (text) =>
    terminal.io.stderr.write(printableLines(text)),
  );
  if (json) terminal.printJson(report);
  else terminal.print(formatReport(report));
  if (!report.ok) terminal.exitCode = 1;
}
