import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from './run/temporary.ts';

/** Runs an example in a new folder. @returns the lines that it prints */
async function run(name: string, ...args: string[]): Promise<string[]> {
  const file = fileURLToPath(new URL(`../examples/${name}`, import.meta.url));
  const options = { cwd: temporaryFolder() };
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], options);
  return stdout.trimEnd().split('\n');
}

test('train-and-evaluate.js trains an agent and prints how exact it is', async () => {
  const lines = await run('train-and-evaluate.js', '1000');
  expect(lines[0]).toMatch(/^1280 frames: reward \d+\.\d\d, exact [\d.]+$/);
  expect(lines.slice(1).map((line) => line.split(':')[0])).toEqual([
    ...['t = 5', 't = 12', 't = 20', 't = 50'],
  ]);
});

test('act-in-a-world.js plays an episode in which the pretrained agent is exact', async () => {
  const lines = await run('act-in-a-world.js');
  expect(lines).toHaveLength(21);
  expect(lines[0]).toMatch(/^step 1: \w+ \(\d+ %\), expects \d\.\d\d$/);
  expect(lines.at(-1)).toBe('told 20, over after 20 steps with a reward of 10');
});

test('compare-agents.js trains and compares two agents', async () => {
  const lines = await run('compare-agents.js', '1000');
  expect(lines).toContain('baseline: finished');
  expect(lines.slice(-8).map((line) => line.replace(/: \d+ % exact$/, ''))).toEqual([
    ...['baseline, t = 5', 'baseline, t = 12', 'baseline, t = 20', 'baseline, t = 50'],
    ...['clock, t = 5', 'clock, t = 12', 'clock, t = 20', 'clock, t = 50'],
  ]);
});
