import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const execute = promisify(execFile);

/** What a fresh process prints that runs these lines of JavaScript against the compiled package. */
export async function printed(script: string): Promise<{ stdout: string; stderr: string }> {
  const options = ['--input-type=module', '--eval', script];
  const { stdout, stderr } = await execute(process.execPath, options, { cwd: root });
  return { stdout, stderr };
}
