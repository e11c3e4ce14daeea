import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ruleIds } from '../../env/conformance/index.ts';
import { timegrid } from './timegrid.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** A file that exports a timed grid whose step goes another way. */
function world(name: string, step: string, first = ''): string {
  const path = join(folder, `${name.toLowerCase()}.ts`);
  fs.writeFileSync(
    path,
    `import { findSpec, type Observation, TimedGrid } from 'timegrid/env';
${first}
class ${name} extends TimedGrid {
  step(action: number, into?: Observation) {
    ${step}
  }
}
const spec = { ...findSpec('TimedGrid-v0'), id: '${name}-v0', create: (given?: object) => new ${name}(given, spec) };
export default spec;
`,
  );
  return path;
}

describe('timegrid check', () => {
  test('lists every rule of a sound world, and how fast it is', async () => {
    const { stdout, stderr, exitCode } = await timegrid(['check', 'TimedGrid-v0']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    for (const id of ruleIds) expect(stdout).toMatch(new RegExp(`^  kept +${id} +\\w`, 'm'));
    expect(stdout).toMatch(new RegExp(`\n${ruleIds.length} of ${ruleIds.length} rules kept\\.\n`));
    expect(stdout).toMatch(
      /\nThe world runs at [\d,]+ steps a second, .* drawing a picture takes [\d.e-]+ ms\.\n$/,
    );
  });

  test('names the closest of the worlds and pathways', async () => {
    const wrong = ['nac-clcok', 'TimedGird-v0'].map((id) => timegrid(['check', id]));
    expect((await Promise.all(wrong)).map(({ stderr }) => stderr)).toEqual([
      'timegrid: there is no agent "nac-clcok"; did you mean "nac-clock"?\n',
      'timegrid: there is no world "TimedGird-v0"; did you mean "TimedGrid-v0"?\n',
    ]);
  });

  test('takes a file, whatever it prints, and options, and gives a program the report', async () => {
    const path = world('Chatty', 'console.log("hello"); return super.step(action, into);');
    const { stdout, stderr, exitCode } = await timegrid([
      ...['check', path, '--json', '--env-option', 'size=4', 'pixels=8'],
    ]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ ok: true, options: { size: 4, pixels: 8 } });
    expect(report.speed.stepsPerSecond).toBeGreaterThan(0);
    expect(report.rules.map(({ id }: { id: string }) => id)).toEqual(ruleIds);
    expect(stderr).toContain('hello');
    expect(exitCode).toBe(0);
  });

  test('says what to change in a world that breaks a rule, with exit code 1', async () => {
    const path = world('Owing', 'return { ...super.step(action, into), reward: Number.NaN };');
    const { stdout, stderr, exitCode } = await timegrid(['check', path]);
    expect(stdout).toMatch(/^Owing-v0\n/);
    expect(stdout).toMatch(
      / {2}BROKEN +reward-finite +the reward is NaN \(step 1 of episode 1\)\n +the rule: a reward is a finite number\n +what to do: return a number; look for/,
    );
    expect(stdout).toMatch(/ {2}not judged +same-seed +since reward-finite is broken\n/);
    expect(stdout).toMatch(/\n\d+ of \d+ rules kept, 1 broken, \d+ not judged\.\n$/);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
  });

  test('says so of a world that cannot be closed, and a training names it', async () => {
    const path = world(
      'Jammed',
      'return super.step(action, into); } close() { throw new Error("the door is jammed");',
    );
    const { stdout, stderr, exitCode } = await timegrid(['check', path]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 });
    expect(stdout).toMatch(
      / {2}BROKEN +close-twice +close, call 1, threw Error “the door is jammed”/,
    );
    expect(await timegrid(['train', '--env', path, '--run', join(folder, 'jammed')])).toEqual({
      stdout: '',
      stderr: expect.stringMatching(
        /^timegrid: Jammed-v0 failed at close: the door is jammed \(.*jammed\.ts:5:56: .*\)\n$/,
      ),
      exitCode: 1,
    });
  });

  test('says so of a world that never answers, ends the process or throws behind its back', async () => {
    const endless = world('Endless', 'for (;;);');
    // On a slow machine it runs out of patience earlier, whatever it is at.
    expect(await timegrid(['check', endless, '--timeout', '2'])).toEqual({
      stdout: '',
      stderr: expect.stringMatching(
        /endless\.ts gave no answer for 2 s.*; look for a loop that never ends, while .* (judged|made)\n$/,
      ),
      exitCode: 1,
    });
    const quitting = world('Quitting', 'process.exit(0);');
    expect(await timegrid(['check', quitting])).toMatchObject({
      stdout: expect.stringMatching(
        /step threw “it calls process\.exit\(0\)” \(.*quitting\.ts:5:\d+: process\.exit\(0\);.*\) at step 1/,
      ),
      exitCode: 1,
    });
    const late = world(
      'Late',
      'return super.step(action, into);',
      'process.nextTick(() => { throw new Error("too late"); });',
    );
    expect(await timegrid(['check', late])).toMatchObject({
      stderr: expect.stringMatching(
        /threw outside of any call: too late \(.*late\.ts:2:\d+: process\.nextTick.*\), while .*\n$/,
      ),
      exitCode: 1,
    });
  });

  test('names a world, a file or an option that there is not', async () => {
    expect(await timegrid(['check', 'TimedGird-v0'])).toEqual({
      stdout: '',
      stderr: 'timegrid: there is no world "TimedGird-v0"; did you mean "TimedGrid-v0"?\n',
      exitCode: 2,
    });
    const option = await timegrid(['check', 'TimedGrid-v0', '--env-option', 'siz=3']);
    expect(option).toMatchObject({ exitCode: 2 });
    expect(option.stderr).toBe(
      'timegrid: TimedGrid-v0 has no option "siz"; did you mean "size"?\n',
    );
    expect(await timegrid(['check', join(folder, 'none.ts')])).toMatchObject({ exitCode: 2 });
  });
});
