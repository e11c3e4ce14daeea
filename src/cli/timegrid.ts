#!/usr/bin/env node
/** The command line. This file alone ends the process; everything else throws. */

import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { suggestion } from '../../env/closest.ts';
import { errorMessage } from '../common/error-message.ts';
import { describeSystemError, Failure, UsageError } from '../common/errors.ts';
import { VERSION } from '../common/version.ts';
import { commands } from './commands.ts';
import { addExamples } from './examples.ts';

async function main(args: readonly string[]): Promise<void> {
  const name = args.find((arg) => !arg.startsWith('-'));
  const isKnown = name === undefined || name === 'help' || Object.hasOwn(commands, name);
  if (!isKnown) {
    const hint = suggestion(name, Object.keys(commands), 'commands');
    throw new UsageError(`there is no command "${name}"; ${hint}`);
  }
  if (name === 'help') return main([...args.filter((arg) => arg !== 'help'), '--help']);
  const program = createProgram();
  for (const command of program.commands) {
    if (command.name() === name) (await commands[name]!.load()).default(command);
  }
  await program.parseAsync(args, { from: 'user' });
}

function createProgram(): Command {
  const program = new Command('timegrid')
    .description(
      'Train agents to arrive on time in a pixel world, and see how they do at times that they never met.',
    )
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  addExamples(program, {
    'timegrid study': 'train a baseline and a NAC agent, then compare them',
    'timegrid envs': 'the worlds there are',
    'timegrid train --help': 'what a command takes, with examples',
  });
  for (const [name, { summary }] of Object.entries(commands)) {
    program.command(name).description(summary);
  }
  return program;
}

/** Says what went wrong, in one sentence, and ends the process. */
function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    failAtParsing(error);
  } else {
    const { message, exitCode } = errorMessage(error);
    exit(exitCode, message, process.env.TIMEGRID_DEBUG ? error : undefined);
  }
}

/** commander throws where it has shown a help or the version, and where the command line is wrong. */
function failAtParsing({ code, exitCode, message }: CommanderError): void {
  if (exitCode === 0) {
    exit(0);
  } else if (code === 'commander.help') {
    exit(2);
  } else {
    const [problem = '', hint] = message.replace(/^error: /, '').split('\n');
    const name = process.argv.slice(2).find((arg) => Object.hasOwn(commands, arg));
    const help = name === undefined ? 'timegrid --help' : `timegrid ${name} --help`;
    exit(2, `${problem.replace(/\.$/, '')} ${hint ?? `(see ${help})`}`);
  }
}

/** Ends the process once what was written has gone out. */
function exit(code: number, message?: string, debugged?: unknown): void {
  let text = message === undefined ? '' : `timegrid: ${message}\n`;
  if (debugged instanceof Error) text += `${inspect(debugged)}\n`;
  process.stdout.write('', () => process.stderr.write(text, () => process.exit(code)));
}

let isReaderGone = false;

/** A reader that has seen enough (`timegrid … | head`) is no error; what saves its work when terminated does so then, too. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') {
    fail(new Failure(describeSystemError(error, 'write to', 'the standard output')));
  } else if (!isReaderGone) {
    isReaderGone = true;
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(0);
  }
}

process.stdout.on('error', endQuietly);
process.stderr.on('error', endQuietly);
process.on('uncaughtException', fail);

main(process.argv.slice(2)).catch(fail);
