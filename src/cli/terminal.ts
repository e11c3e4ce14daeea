import { printableLines } from '../../env/printable.ts';
import { withoutPassword } from '../common/without-password.ts';
import type { TableSettings } from '../render/evaluation-table.ts';

const ESCAPE = '\x1b';

/** A stream that takes text; `process.stdout` and `process.stderr` are such streams. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Width in characters, on a terminal. */
  readonly columns?: number;
  hasColors?(): boolean;
}

/** Emits `SIGINT`, `SIGTERM` and `SIGHUP`, `message` for what the process that started this one says, and `disconnect` once it is gone. */
export interface Signals {
  on(event: string, listener: (...given: unknown[]) => void): unknown;
  off(event: string, listener: (...given: unknown[]) => void): unknown;
}

/** Everything that a command touches besides files; `process` is one. */
export interface Io extends Signals {
  readonly stdout: Output;
  readonly stderr: Output;
  /** The channel to the process that started this one; absent where that process opened none. */
  send?(message: unknown): unknown;
  readonly connected?: boolean;
}

const STYLES = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);

/** Lines whose control characters are quoted, except those that choose a colour or a weight. */
const printableStyled = (text: string): string =>
  text
    .split(STYLES)
    .map((part, i) => (i % 2 === 1 ? part : printableLines(part)))
    .join('');

/** What a command writes to and listens to. */
export class Terminal {
  readonly io: Io;
  /** The command line, as a run records it: without passwords. */
  readonly commandLine: readonly string[];
  /** What `main` returns if the command does not throw. */
  exitCode = 0;

  constructor(io: Io, argv: readonly string[]) {
    this.io = io;
    this.commandLine = ['timegrid', ...argv.map(withoutPassword)];
  }

  /** Writes lines of the answer, to the standard output; control characters in them are quoted. */
  readonly print = (text: string): void => {
    this.io.stdout.write(`${printableLines(text)}\n`);
  };

  /** The same for lines with the colours of `styleText`, which are kept. */
  printStyled(text: string): void {
    this.io.stdout.write(`${printableStyled(text)}\n`);
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** Writes lines that are not part of the answer, to the standard error; control characters in them are quoted. */
  readonly say = (text: string): void => {
    this.io.stderr.write(`${printableLines(text)}\n`);
  };

  /** The width of the standard output, and whether it shows colours. */
  get table(): TableSettings {
    const { columns, isTTY = false, hasColors } = this.io.stdout;
    const colour = isTTY && hasColors?.call(this.io.stdout) === true;
    return { ...(columns === undefined ? {} : { columns }), colour };
  }

  readonly note = (sentence: string): void => this.say(`note: ${sentence}`);
}
