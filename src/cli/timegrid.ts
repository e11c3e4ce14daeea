#!/usr/bin/env node
/** The program. This file alone ends the process. */

import fs from 'node:fs';
import { constants } from 'node:os';
import { describeSystemError, Failure } from '../common/errors.ts';
import { main, report } from './main.ts';

/** Milliseconds after which work that a signal has interrupted is abandoned. */
const GRACE = 200;

let isReaderGone = false;
/** Whether the process ends by this file, and not by a world that ends it. */
let isOver = false;

/** Node's own, whatever stands in its place while code is imported. */
const exitNow = process.exit.bind(process);

function end(code: number): never {
  isOver = true;
  return exitNow(code);
}

/**
 * A reader that has seen enough (`timegrid … | head`) and a terminal that was closed are no errors; a command that saves its work
 * on SIGTERM does so here too, unless it is saving it already.
 */
function onOutputError(this: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && !(error.code === 'EIO' && this.isTTY)) {
    fail(new Failure(describeSystemError(error, 'write to', 'the standard output')));
  } else if (!isReaderGone) {
    isReaderGone = true;
    const isSaving = process.listenerCount('SIGHUP') > 0;
    if (!process.emit('SIGTERM', 'SIGTERM') && !isSaving) end(0);
  }
}

const fail = (error: unknown): void => exit(report(error, process.stderr));

/** Ends the process once its output has been written. */
function exit(code: number): void {
  process.stdout.write('', () => process.stderr.write('', () => end(code)));
}

/** Ends the process without waiting for threads: `process.exit` aborts while one of them runs native code. */
function exitInterrupted(code: number): void {
  process.exitCode = code;
  const signal = Object.entries(constants.signals).find(([, number]) => 128 + number === code)![0];
  setTimeout(() => process.kill(process.pid, signal), GRACE).unref();
}

process.stdout.on('error', onOutputError);
process.stderr.on('error', onOutputError);
process.on('uncaughtException', fail);

process.on('exit', (code) => {
  if (isOver) return;
  const sentence =
    'the program was ended before its work was done: look for process.exit in the world or the pathway';
  process.exitCode = code || 1;
  try {
    fs.writeSync(process.stderr.fd, `timegrid: ${sentence}\n`);
  } catch {} // nobody reads it
});

main(process.argv.slice(2), process).then((code) => {
  isOver = true;
  if (code > 128) exitInterrupted(code);
  else if (code !== 0) exit(code);
});
