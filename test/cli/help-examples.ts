import { timegrid } from './timegrid.ts';

/** The lines to copy at the end of a command's help. */
export async function examplesOf(command: string): Promise<string[]> {
  const { stdout } = await timegrid([command, '--help']);
  return stdout.split('\n').flatMap((line) => /^ {2}\$ (.*)$/.exec(line)?.[1] ?? []);
}
