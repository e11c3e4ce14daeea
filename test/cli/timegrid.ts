import { EventEmitter } from 'node:events';
import { expect } from 'vitest';
import { main } from '../../dist/src/cli/main.js';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Runs the compiled command line in this process, without a terminal. */
export async function timegrid(args: readonly string[]): Promise<Outcome> {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => ({
    write(text: string) {
      texts[name] += text;
    },
  });
  const io = Object.assign(new EventEmitter(), {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  });
  const exitCode = await main(args, io);
  return { ...texts, exitCode };
}

/** Runs a command line that must fail with one sentence and no output. @returns the sentence */
export async function refusal(args: readonly string[], exitCode: 1 | 2 = 2): Promise<string> {
  const outcome = await timegrid(args);
  expect(outcome).toMatchObject({ stdout: '', exitCode });
  expect(outcome.stderr).toMatch(/^timegrid: [^\n]+\n$/);
  return outcome.stderr.slice('timegrid: '.length, -1);
}
