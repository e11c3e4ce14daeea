import { describe, expect, test } from 'vitest';
import { timegrid } from '../cli/timegrid.ts';

describe('what cannot be watched is refused in one sentence', () => {
  test.each([
    [['watch', '--verify'], /--verify takes a replay file\n$/],
    [['watch', '--env', 'TwoTime-v0'], /did you mean "TwoTimes-v0"/],
    [['watch', 'nowhere'], /there is no run at nowhere/],
    [['watch', 'a', 'b', 'c', 'd', 'e'], /at most 4 runs can be watched at once, not 5/],
    [['watch', 'a', '--verify'], /--verify takes a replay file, and a is not one/],
    [['watch', 'a', '--port', '70000'], /--port takes a whole number from 1 to 65535/],
    [
      ['watch', '--allow-host', 'http://example.org'],
      /--allow-host takes the name of a host without a port/,
    ],
    [['watch', 'a', '--checkpoint', 'lst'], /did you mean "last"/],
    [['watch', 'a', 'a'], /a is named twice: name each run once/],
    [['watch', 'package.json', 'a'], /a replay file must be the only argument/],
    [['watch', 'package.json'], /package.json is not a valid replay/],
  ])('%j', async (args, sentence) => {
    const { stderr, stdout, exitCode } = await timegrid(args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
