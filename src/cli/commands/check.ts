import type { Command } from 'commander';
import { checkApart } from '../../check/check-thread.ts';
import { count, type Settings, settings } from '../../common/parse.ts';
import { formatReport } from '../../render/check-report.ts';
import { addExamples } from '../examples.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly envOption?: Settings;
  readonly timeout: number;
  readonly json?: boolean;
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument('<world>', 'an id such as TimedGrid-v0, a file or some-package#World')
    .option('--env-option <key=value...>', 'options of the world', settings('--env-option'))
    .option(
      '--timeout <seconds>',
      'seconds that a rule may take',
      count('--timeout', { max: 3600 }),
      30,
    )
    .option('--json', 'print JSON')
    .action((world: string, options: Options) => run(world, options, terminal));
  addExamples(command, {
    'timegrid check ./my-world.ts': 'whether a world of your own keeps every rule',
    'timegrid check TimedGrid-v0 --env-option size=9 pixels=72': 'a world with other options',
    'timegrid check some-package#Maze --json':
      'for a program to read; exit code 1 if a rule is broken',
  });
}

async function run(
  world: string,
  { envOption = {}, timeout, json }: Options,
  terminal: Terminal,
): Promise<void> {
  const report = await checkApart({ world, options: envOption }, timeout, (text) =>
    terminal.io.stderr.write(text),
  );
  if (json) terminal.printJson(report);
  else terminal.print(formatReport(report));
  if (!report.ok) terminal.exitCode = 1;
}
