import { describe, expect, test } from 'vitest';
import { checkEnv, conformance, ruleIds } from '../../env/conformance/index.ts';
import { make, specs, TimedGrid } from '../../env/index.ts';
import { brokenWorlds, options } from './broken-worlds.ts';
import { corridor } from './corridor.ts';

describe.each(specs().map((spec) => [spec.id, spec] as const))('%s', (_, spec) => {
  conformance(test, spec);
});

describe('a world of one’s own, with options', () => {
  conformance(test, corridor, { options: { length: 2 } });
  conformance(test, () => new TimedGrid({ ...options, timing: 'exact', instruction: 'first' }));
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

  test('so that every rule is seen broken, save the one that is only noted', () => {
    const seen = new Set(brokenWorlds.map(([rule]) => rule));
    expect(ruleIds.filter((id) => !seen.has(id))).toEqual(['episode-ends']);
  });
});
