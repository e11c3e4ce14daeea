import { describe, expect, test } from 'vitest';
import { describeOptions, findSpec, specs } from '../../env/index.ts';
import { timegrid } from './timegrid.ts';

describe('timegrid envs', () => {
  test('lists every registered world', async () => {
    const { stdout, stderr, exitCode } = await timegrid(['envs']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout.trimEnd().split('\n')).toHaveLength(specs().length);
    for (const { id, summary } of specs()) {
      expect(stdout.replaceAll(/ {2,}/g, '  ')).toContain(`${id}  ${summary}\n`);
    }
  });

  test('shows the spec sheet of one', async () => {
    const { stdout, exitCode } = await timegrid(['envs', 'TimedGrid-v0']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatchSnapshot();
    for (const { name, description, takes } of describeOptions(findSpec('TimedGrid-v0').options)) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} .*`, 'm'));
      expect(stdout).toContain(`${description}: ${takes}`);
    }
  });

  test('lists numbers as they stand in the instruction', async () => {
    const { stdout } = await timegrid(['envs', 'PacedGrid-v0']);
    expect(stdout).toMatch(
      /^instruction .*\nnumbers +p, the steps of a beat: .*\n +b, the beats: /m,
    );
  });

  test('gives a program the same', async () => {
    const all = JSON.parse((await timegrid(['envs', '--json'])).stdout);
    expect(all.map(({ id }: { id: string }) => id)).toEqual(specs().map(({ id }) => id));
    const one = JSON.parse((await timegrid(['envs', 'TimedGrid-v0', '--json'])).stdout);
    expect(all).toContainEqual(one);
    expect(one.actions).toEqual(['up', 'down', 'left', 'right', 'pass']);
    expect(one.observation.pixels).toMatchObject({ dtype: 'uint8', shape: [56, 56, 3] });
    expect(one.observation.instruction).toMatchObject({ dtype: 'float32', shape: [1] });
    expect(one.options).toEqual(describeOptions(findSpec('TimedGrid-v0').options));
    expect(one.resetOptions).toEqual(describeOptions(findSpec('TimedGrid-v0').resetOptions));
  });

  test('names the world that a mistyped id most likely means', async () => {
    expect(await timegrid(['envs', 'TimedGird-v0'])).toEqual({
      stdout: '',
      stderr: 'timegrid: there is no world "TimedGird-v0"; did you mean "TimedGrid-v0"?\n',
      exitCode: 2,
    });
  });
});
