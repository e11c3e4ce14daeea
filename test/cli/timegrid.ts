import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/src/cli/timegrid.js', import.meta.url));

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Runs the compiled command line as a process of its own, its output into pipes. */
export function timegrid(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return run(process.execPath, [program, ...args], env);
}

/** Runs a line of the shell in which `"$@"` is the compiled command line, for what it does in a pipe. */
export function inShell(line: string): Promise<Outcome> {
  return run('sh', ['-c', line, 'sh', process.execPath, program], {});
}

function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const { TIMEGRID_DEBUG: _, ...inherited } = process.env;
    const child = spawn(file, args, {
      env: { ...inherited, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        chunks[name] += text;
      });
    }
    child.on('error', reject).on('close', (exitCode) => resolve({ ...chunks, exitCode }));
  });
}
