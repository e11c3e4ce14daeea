import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { suggestion } from '../../env/closest.ts';
import { printable, printableLines } from '../../env/printable.ts';
import { errorMessage } from '../common/error-message.ts';
import { UsageError } from '../common/errors.ts';
import { VERSION } from '../common/version.ts';
import { withoutPassword } from '../common/without-password.ts';
import { commands } from './commands.ts';
import { addExamples } from './examples.ts';
import { repeatNumbers } from './repeat-numbers.ts';
import { type Io, type Output, Terminal } from './terminal.ts';

/**
 * Runs a command line. It writes to `io` alone and never ends the process.
 * @param argv without `node` and the program
 * @returns the exit code: 0, 1 for a failure, 2 for a mistake in the command line, or 128 + n where signal n interrupted it
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const terminal = new Terminal(io, argv);
  try {
    await run(argv, terminal);
    return terminal.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return reportParsing(error, argv, io.stderr);
    return report(error, io.stderr);
  }
}

/** Writes what went wrong in one sentence, with the stack where TIMEGRID_DEBUG asks for it. @returns the exit code */
export function report(error: unknown, stderr: Output): number {
  const { message, exitCode } = errorMessage(error);
  stderr.write(`timegrid: ${printable(withoutPassword(message))}\n`);
  if (process.env.TIMEGRID_DEBUG && error instanceof Error) {
    stderr.write(`${printableLines(inspect(error))}\n`);
  }
  return exitCode;
}

async function run(argv: readonly string[], terminal: Terminal): Promise<void> {
  const name = argv.find((arg) => !arg.startsWith('-'));
  if (name === 'help') {
    return run([...argv.filter((arg) => arg !== 'help'), '--help'], terminal);
  }
  if (name !== undefined && !Object.hasOwn(commands, name)) {
    const hint = suggestion(name, Object.keys(commands), 'commands');
    throw new UsageError(`there is no command "${name}"; ${hint}`);
  }
  const program = createProgram(terminal);
  for (const command of program.commands) {
    if (command.name() === name) (await commands[name]!.load()).default(command, terminal);
  }
  await program.parseAsync(repeatNumbers(argv), { from: 'user' });
}

function createProgram({ io: { stdout, stderr } }: Terminal): Command {
  const program = new Command('timegrid')
    .description(
      'Train agents that are told a number, such as the time to arrive at, and measure how far beyond the training range they still follow it.',
    )
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => stdout.write(printableLines(text)),
      writeErr: (text) => stderr.write(printableLines(text)),
      outputError: () => {},
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
    })
    .exitOverride();
  addExamples(program, {
    'timegrid watch': 'watch the pretrained agents',
    'timegrid study': 'train and compare a baseline and a NAC agent',
    'timegrid train --help': 'the options of a command, with examples',
  });
  for (const [name, { group, summary }] of Object.entries(commands)) {
    program.command(name).description(summary).helpGroup(group);
  }
  return program;
}

/** commander throws where it has shown the help or the version, and where the command line is wrong. */
function reportParsing(
  { code, exitCode, message }: CommanderError,
  argv: readonly string[],
  stderr: Output,
): number {
  if (exitCode === 0) return 0;
  if (code === 'commander.help') return 2;
  const [problem = '', hint] = message.replace(/^error: /, '').split('\n');
  const name = argv.find((arg) => Object.hasOwn(commands, arg));
  const help = name === undefined ? 'timegrid --help' : `timegrid ${name} --help`;
  return report(new UsageError(`${problem.replace(/\.$/, '')} ${hint ?? `(see ${help})`}`), stderr);
}
