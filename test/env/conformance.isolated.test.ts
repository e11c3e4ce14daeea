import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { checkEnv, conformance, ruleIds } from '../../env/conformance/index.ts';
import { type Observation, type StepResult, specs, TimedGrid, TwoTimes } from '../../env/index.ts';
import { brokenWorlds, options } from './broken-worlds.ts';
import { Corridor, corridor } from './corridor.ts';

/** As many steps on every machine, however busy. */
const FIXED = { steps: 60, speed: false };

describe.each(specs().map((spec) => [spec.id, spec] as const))('%s', (_, spec) => {
  conformance(test, spec, FIXED);
});

describe('a world of one’s own, with options', () => {
  conformance(test, corridor, { ...FIXED, options: { length: 2 } });
  conformance(
    test,
    () => new TimedGrid({ ...options, timing: 'exact', instruction: 'first' }),
    FIXED,
  );
});

describe('each broken world breaks its own rule and no other', () => {
  test.each(brokenWorlds)('%s: %s', (rule, problem, make) => {
    const report = checkEnv(make, { steps: 60 });
    const broken = report.rules.filter(({ outcome }) => outcome === 'broken');
    expect(broken.map(({ id, problem }) => [id, problem])).toEqual([
      [rule, expect.stringMatching(problem)],
    ]);
    expect(broken[0]!.advice).toMatch(/\w/);
    expect(report).toMatchObject({ ok: false, speed: null });
    expect(report.rules.map(({ id }) => id)).toEqual(ruleIds);
  });

  test('so that every rule is seen broken, save the two that are only noted', () => {
    const seen = new Set(brokenWorlds.map(([rule]) => rule));
    expect(ruleIds.filter((id) => !seen.has(id))).toEqual(['episode-ends', 'number-each-named']);
  });

  test('a number that is told without a name is noted, and no reason to fail', () => {
    const make = () => Object.assign(new TwoTimes(), { otherNumbers: undefined });
    const { ok, rules } = checkEnv(make, FIXED);
    expect(ok).toBe(true);
    expect(rules.find(({ id }) => id === 'number-each-named')).toMatchObject({
      outcome: 'noted',
      problem: 'the instruction has 2 elements, and no number stands at 0',
    });
  });
});

describe('a world that goes wrong later than any rule plays is seen while its speed is measured', () => {
  /** Steps of one world; no rule makes so many. */
  const LATE = 5_000;
  class Late extends Corridor {
    readonly #alter: (result: StepResult) => unknown;
    #steps = 0;

    constructor(alter: (result: StepResult) => unknown) {
      super();
      this.#alter = alter;
    }

    override step(action: number, into?: Observation): StepResult {
      const result = super.step(action, into);
      this.#steps++;
      return this.#steps < LATE ? result : (this.#alter(result) as StepResult);
    }
  }
  const lava = (): never => {
    throw new Error('lava\nsecond line');
  };
  test.each<[string, RegExp, (result: StepResult) => unknown]>([
    ['throws-nothing', /^step threw “lava” at step \d+ of episode \d{3,}$/, lava],
    [
      'reward-finite',
      /^the reward is Infinity \(step /,
      (r) => ({ ...r, reward: Number.POSITIVE_INFINITY }),
    ],
    [
      'metrics-last',
      /^the metric stays is NaN \(step /,
      (r) => (r.info.metrics ? { ...r, info: { metrics: { stays: Number.NaN } } } : r),
    ],
  ])('%s: %s', (rule, problem, alter) => {
    let time = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      time += 0.01;
      return time;
    });
    onTestFinished(() => void vi.restoreAllMocks());
    const { ok, speed, rules } = checkEnv(() => new Late(alter), { steps: 20 });
    expect({ ok, speed }).toEqual({ ok: false, speed: null });
    const broken = rules.filter(({ outcome }) => outcome === 'broken');
    expect(broken).toMatchObject([{ id: rule, problem: expect.stringMatching(problem) }]);
  });
});
