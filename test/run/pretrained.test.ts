import { expect, test } from 'vitest';
import { inspectWorld } from '../../env/index.ts';
import { evaluateRun } from '../../src/evaluate/evaluate-run.ts';
import { descriptionOf } from '../../src/run/description.ts';
import { openRun } from '../../src/run/folder.ts';
import {
  PRETRAINED,
  PRETRAINED_WORLDS,
  pretrainedRun,
  runNamed,
} from '../../src/run/pretrained.ts';
import { planStudyFile } from '../../src/study/plan-study.ts';
import { trainingOf } from '../../src/study/same-training.ts';
import { temporaryFolder } from './temporary.ts';

const [baseline, nac, clock] = PRETRAINED.map(pretrainedRun) as [string, string, string];
const rowsOf = async (run: string, numbers: readonly number[]) =>
  (await evaluateRun(run, { numbers, episodes: 20, threads: 0 })).rows;

test('the agents that ship are the first seed of each, trained by default for as long as each other', () => {
  const settings = [baseline, nac, clock].map((run) => descriptionOf(openRun(run)).settings);
  expect(settings.map(({ config }) => config.pathway)).toEqual(['baseline', 'nac', 'nac-clock']);
  for (const { seed, totalFrames, env } of settings) {
    expect({ seed, totalFrames, env }).toEqual({
      seed: 1,
      totalFrames: 2_000_000,
      env: settings[0]!.env,
    });
  }
});

test('what they were trained on, each does', async () => {
  for (const run of [baseline, nac, clock]) {
    for (const { number, meanReward } of await rowsOf(run, [8, 10, 12])) {
      expect(meanReward, `${run} at ${number}`).toBeGreaterThan(9.9);
    }
  }
});

test('beyond, the baseline is late and then never arrives, the NAC is early, and the clock is on time', async () => {
  const [late, never] = await rowsOf(baseline, [16, 30]);
  expect(late!.meanArrival).toBeGreaterThan(16.5);
  expect(never!.neverArrived).toBe(1);
  const [early] = await rowsOf(nac, [16]);
  expect(early!.meanArrival).toBeLessThan(16);
  expect(early!.meanReward).toBeGreaterThan(late!.meanReward);
  for (const { number, exact } of await rowsOf(clock, [16, 30, 1000])) {
    expect(exact, `the clock at ${number}`).toBe(1);
  }
});

test.each(PRETRAINED_WORLDS)(
  'the agent that ships for %s is the first of its study, and uses its number far beyond training',
  async (world) => {
    const run = runNamed(world);
    const { config } = descriptionOf(openRun(run)).settings;
    const name = `${world.replace('-v0', '')}${config.pictures === 3 ? '-three-pictures' : ''}`;
    const study = `studies/counter/${name}.json`;
    const { runs } = await planStudyFile(study, temporaryFolder());
    const first = runs.find(({ seed }) => seed === 1)!;
    expect(trainingOf(descriptionOf(openRun(run)).settings)).toEqual(trainingOf(first.settings));
    const [, greatest] = inspectWorld(world).number!.trained;
    const rows = await rowsOf(run, [greatest, 2 * greatest, 10 * greatest]);
    for (const { number, exact } of rows) {
      expect(exact, `exact at ${number}`).toBeGreaterThanOrEqual(0.95);
    }
  },
);
