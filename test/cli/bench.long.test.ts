import { describe, expect, test } from 'vitest';
import { timegrid } from './timegrid.ts';

const quick = ['--seconds', '0.01'];

const figure = (value: { median: number; min: number; max: number }) => {
  expect(value.min).toBeGreaterThan(0);
  expect(value.median).toBeGreaterThanOrEqual(value.min);
  expect(value.max).toBeGreaterThanOrEqual(value.median);
};

describe('timegrid bench', () => {
  test('gives a program every figure', async () => {
    const args = ['bench', '--json', '--engines', 'onnx', '--presets', 'small', ...quick];
    const { stdout, stderr, exitCode } = await timegrid(args);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^(measuring [^\n]+\n)+$/);
    const { machine, matmul, worlds, slowWorlds, engines, training, programs, ...rest } =
      JSON.parse(stdout);
    expect(rest).toEqual({});
    expect(machine).toEqual({
      cpu: expect.any(String),
      cores: expect.any(Number),
      platform: `${process.platform}-${process.arch}`,
      node: process.version,
      timegrid: expect.any(String),
    });
    expect(matmul.engine).toBe('onnx');
    figure(matmul);
    expect(worlds).toMatchObject({ id: 'TimedGrid-v0', worlds: 32, pixels: [56, 56, 3] });
    figure(worlds.stepsPerSecond);
    expect(slowWorlds).toMatchObject({ worlds: 8, stepMilliseconds: 2, envWorkers: 2 });
    figure(slowWorlds.alone);
    figure(slowWorlds.shared);
    const of = { engine: 'onnx', preset: 'small', worlds: 32, steps: 20 };
    expect(engines).toMatchObject([of]);
    figure(engines[0].acting);
    figure(engines[0].learning);
    expect(training).toMatchObject([
      { ...of, threads: 1 },
      { ...of, threads: 2 },
    ]);
    expect(programs).toMatchObject([{ ...of, world: { id: 'TimedGrid-v0', options: {} } }]);
    for (const part of [...programs[0].programs, programs[0].whole]) {
      expect(part.calls).toBeGreaterThan(0);
      expect(part.milliseconds).toBeGreaterThan(0);
      expect(part.nodes).toBeGreaterThan(0);
      expect(part.rate.yardstickShare).toBeGreaterThan(0);
    }
    for (const { framesPerSecond, peakMemory } of training) {
      figure(framesPerSecond);
      expect(peakMemory).toBeGreaterThan(50e6);
      expect(peakMemory).toBeLessThan(800e6);
    }
    for (const { distinctShare } of [...engines, ...training]) {
      expect(distinctShare).toBeGreaterThan(0);
      expect(distinctShare).toBeLessThan(1);
    }
  });

  test('gives a person a table of what is asked for, and always the yardstick', async () => {
    const { stdout, exitCode } = await timegrid(['bench', 'worlds', 'matmul', ...quick]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^timegrid \d.*\nyardstick: [\d.]+ ms \([\d.]+–[\d.]+\) for a 256/);
    expect(stdout).toMatch(/^TimedGrid-v0: [\d.]+ [kM] \(.*\) steps a second/m);
    expect(stdout).not.toContain('Frames a second');
  });

  test('compares trainings in two variants of a world', async () => {
    const world = ['--env-option', 'size=3', '--vary', 'pixels=36,72'];
    const args = ['bench', 'training', '--json', '--presets', 'small', '--threads', '1'];
    const { stdout, exitCode } = await timegrid([...args, ...world, ...quick]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).training).toMatchObject([
      { world: { id: 'TimedGrid-v0', options: { size: 3, pixels: 36 } } },
      { world: { id: 'TimedGrid-v0', options: { size: 3, pixels: 72 } } },
    ]);
  });

  test.each([
    [
      ['wrlds'],
      'bench takes worlds, matmul, engines, training or programs, not "wrlds"; did you mean "worlds"?',
    ],
    [['--vary', 'pixels'], '--vary takes key=values, such as pixels=56,112, not "pixels"'],
    [
      ['--vary', 'pixels=56,112', '--env-option', 'pixels=56'],
      '--vary and --env-option both set pixels: leave one out',
    ],
    [['programs', '--vary', 'pixels=56,112'], /^--vary does nothing without measuring training/],
    [['--env-option', 'pixel=56'], /^TimedGrid-v0 has no option "pixel"/],
    [['--engines', 'onx'], /^--engines takes .*, not "onx"; did you mean "onnx"\?$/],
    [['--presets', 'small,ac3'], /^--presets takes small or a3c, not "ac3"; did you mean "a3c"\?$/],
    [['--seconds', '-1'], '--seconds takes a number above 0 and up to 3600, such as 0.5, not "-1"'],
    [['worlds', '--engines', 'onnx'], /^--engines does nothing without measuring engines: leave/],
    [['matmul', '--threads', '3'], /^--threads does nothing without measuring worlds or training/],
    [
      ['matmul', '--env', 'x'],
      /^--env does nothing without measuring worlds or engines or training/,
    ],
    [['worlds', '--presets', 'a3c'], /^--presets does nothing without measuring engines or/],
    [['--threads', '0'], /^--threads takes a whole number from 1 to 32, not "0"$/],
  ])('%j costs one sentence and exit code 2', async (args, sentence) => {
    const { stdout, stderr, exitCode } = await timegrid(['bench', ...args]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    const told = stderr.replace(/^timegrid: /, '').trimEnd();
    if (typeof sentence === 'string') expect(told).toBe(sentence);
    else expect(told).toMatch(sentence);
  });
});
