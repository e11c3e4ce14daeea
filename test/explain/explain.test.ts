import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createPathway, parseConfig } from '../../agent/pathways/configure.ts';
import { trainedAccumulators } from '../../agent/pathways/reading.ts';
import { arithmeticOf } from '../../src/explain/arithmetic.ts';
import { ReplaySource } from '../../src/server/replay-source.ts';
import { timegrid } from '../cli/timegrid.ts';
import { saveRun } from '../evaluate/saved-run.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Parameters of an accumulator with these weights, each −1, 0 or 1. */
const weights = (name: string, values: readonly number[]) => ({
  [`${name}/w_hat`]: Float32Array.from(values, (w) => 30 * w),
  [`${name}/m_hat`]: Float32Array.from(values, (w) => (w === 0 ? -30 : 30)),
});

describe('weights as arithmetic', () => {
  const pathway = createPathway(parseConfig({ pathway: 'nac-clock', nacWidth: 3 }), ['t'], 5);

  test('a clock that counts down, and the time left: t + n where n falls by one a step', () => {
    const parameters = { ...weights('clock', [-1]), ...weights('nac', [1, -1, 1, 1, -1, -1]) };
    const [clock, nac] = arithmeticOf(trainedAccumulators(pathway, parameters), 't');
    expect(clock).toMatchObject({ saturated: 1, zero: 0, between: 0 });
    // x1 = t + n1, x2 = −t − n1, x3 = t − n1
    expect(nac!.formulas).toHaveLength(2);
    const [left, other] = nac!.formulas;
    expect(left).toMatchObject({ formula: 't + n1', outputs: ['x1'], negated: ['x2'], pace: 1 });
    expect(other).toMatchObject({ formula: 't − n1', outputs: ['x3'], negated: [], pace: -1 });
  });

  test('a clock that counts up has the time left in the difference', () => {
    const parameters = { ...weights('clock', [1]), ...weights('nac', [1, 0, 0, -1, 0, 1]) };
    const [, nac] = arithmeticOf(trainedAccumulators(pathway, parameters), 't');
    expect(nac!.formulas.find(({ formula }) => formula === 't − n1')).toMatchObject({
      pace: 1,
      whole: true,
    });
    expect(nac).toMatchObject({ saturated: 3, zero: 3, between: 0 });
  });

  test('a product that is compared with a clock is written out where it is compared', () => {
    const config = parseConfig({ pathway: 'cell-clock', nacWidth: 2 });
    const parameters = {
      'cell/w': Float32Array.of(1, 1),
      ...weights('clock', [1]),
      ...weights('nac', [1, -1, -1, 1]),
    };
    const [cell, , nac] = arithmeticOf(
      trainedAccumulators(createPathway(config, ['p', 'b'], 5), parameters),
      null,
    );
    expect(cell).toMatchObject({ cell: 'nmu', weights: null, powers: [1, 1], saturated: 2 });
    expect(cell!.formulas).toMatchObject([{ formula: 'p · b', outputs: ['m1'], whole: true }]);
    expect(nac!.formulas).toMatchObject([
      { formula: 'p · b − n1', outputs: ['x1'], negated: ['x2'], pace: null },
    ]);
  });

  test('a unit whose gate depends on the input is both that it can be', () => {
    const config = parseConfig({ pathway: 'nalu-clock', nacWidth: 2 });
    const parameters = {
      ...weights('clock', [1]),
      ...weights('nalu', [1, 1, -1, 0]),
      'nalu/gate': Float32Array.of(1, 1, 1, 1),
    };
    const [, nalu] = arithmeticOf(
      trainedAccumulators(createPathway(config, ['t'], 5), parameters),
      't',
    );
    expect(nalu!.formulas.map(({ formula }) => formula)).toEqual(['t − n1 or t ÷ n1', 't']);
    expect(nalu).toMatchObject({ cell: 'nalu', gate: null, saturated: 3, zero: 1, between: 0 });
  });

  test('a baseline has none', () => {
    const baseline = createPathway(parseConfig({ pathway: 'baseline' }), ['t'], 5);
    expect(arithmeticOf(trainedAccumulators(baseline, {}), 't')).toEqual([]);
  });
});

describe('timegrid explain', () => {
  const run = join(folder, 'run');

  test('finds the first number at which an agent fails, and a replay that shows it', async () => {
    saveRun(run, { config: { pathway: 'nac-clock' } });
    const replay = join(folder, 'fails.json');
    const { stdout, exitCode } = await timegrid([
      ...['explain', run, '--episodes', '5', '--up-to', '9', '--replay', replay, '--json'],
    ]);
    expect(exitCode).toBe(0);
    const { pathway, arithmetic, failure } = JSON.parse(stdout);
    expect(pathway).toBe('nac-clock');
    expect(arithmetic.map(({ name }: { name: string }) => name)).toEqual(['clock', 'nac']);
    // It was never trained.
    expect(failure.first).toMatchObject({ number: 4 });
    expect(failure.first.exact).toBeLessThan(0.9);
    const written = JSON.parse(fs.readFileSync(replay, 'utf8'));
    expect(written.number).toBe(4);
    const show = new ReplaySource(replay);
    expect(show.verdicts.map(({ differsAt }) => differsAt)).toEqual([null]);
    await show.close();
  });

  test('in words', async () => {
    const { stdout } = await timegrid(['explain', run, '--episodes', '5', '--up-to', '9']);
    expect(stdout).toMatch(/^The LSTM gets /m);
    expect(stdout).toMatch(/clock: /);
    expect(stdout.split('\n').length).toBeLessThan(40);
  });

  test.each([
    [['explain', 'nowhere'], /^timegrid: .*nowhere/, 2],
    [['explain', run, '--up-to', '2'], /so it cannot end at 2$/m, 2],
  ])('refuses %j in one sentence', async (args, sentence, code) => {
    const { stderr, exitCode } = await timegrid(args);
    expect(stderr).toMatch(sentence);
    expect(exitCode).toBe(code);
  });
});
