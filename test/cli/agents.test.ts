import { describe, expect, test } from 'vitest';
import { configSchemaOf } from '../../agent/pathways/configure.ts';
import { pathwaySpec } from '../../agent/pathways/registry.ts';
import { describeOptions } from '../../env/index.ts';
import { PATHWAYS } from '../agent/tiny.ts';
import { timegrid } from './timegrid.ts';

describe('timegrid agents', () => {
  test('lists every agent', async () => {
    const { stdout, stderr, exitCode } = await timegrid(['agents']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const names = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(names).toEqual([...PATHWAYS]);
  });

  test('shows all that can be chosen about one, with the defaults that hold for it', async () => {
    const { stdout, exitCode } = await timegrid(['agents', 'nac-clock']);
    expect(exitCode).toBe(0);
    for (const { name, description, takes } of describeOptions(
      configSchemaOf(pathwaySpec('nac-clock')),
    )) {
      if (name === 'pathway') continue;
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
      expect(stdout).toContain(`${description}: ${takes}`);
    }
    expect(stdout).toMatch(/^ {2}memoryDropout +0\.2 /m);
    expect(stdout).toMatch(/^ {2}a3c +dense=256 lstm=256$/m);
    expect((await timegrid(['agents', 'nac'])).stdout).toMatch(/^ {2}memoryDropout +0 /m);
  });

  test('lists no key that an agent does not use', async () => {
    const { stdout } = await timegrid(['agents', 'baseline']);
    expect(stdout).not.toMatch(/nacWidth|nacStart|pull|roundAt|clock|alone/);
    const clock = (await timegrid(['agents', 'nac-clock'])).stdout;
    const [common, own] = clock.split('\nOf nac-clock alone:\n');
    expect(common).toMatch(/^ {2}lstm /m);
    for (const key of ['nacWidth', 'nacStart', 'pull', 'pullFrom', 'roundAt', 'clockUnits']) {
      expect(common).not.toMatch(new RegExp(`^ {2}${key} `, 'm'));
      expect(own).toMatch(new RegExp(`^ {2}${key} +\\S+ +.*: (a|one of) `, 'm'));
    }
  });

  test('gives a program the same', async () => {
    const all = JSON.parse((await timegrid(['agents', '--json'])).stdout);
    expect(all.map(({ name }: { name: string }) => name)).toEqual([...PATHWAYS]);
    const one = JSON.parse((await timegrid(['agents', 'nac-clock', '--json'])).stdout);
    expect(all).toContainEqual(one);
    expect(one.options).toContainEqual(
      expect.objectContaining({ name: 'nacStart', default: 'signed' }),
    );
  });

  test('names the agent that a mistyped one most likely means', async () => {
    expect(await timegrid(['agents', 'nac-clok'])).toEqual({
      stdout: '',
      stderr: 'timegrid: there is no agent "nac-clok"; did you mean "nac-clock"?\n',
      exitCode: 2,
    });
  });
});
