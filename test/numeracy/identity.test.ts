import { expect, test } from 'vitest';
import { identity } from '../../src/numeracy/identity/identity.ts';
import { scoreCopy, testedNumbers } from '../../src/numeracy/identity/score.ts';
import { settingsOf } from '../../src/numeracy/task-settings.ts';

const x = testedNumbers(5);
const score = (answer: (x: number) => number) => scoreCopy(x, x.map(answer), 5);

test('a net that gives numbers back has no error anywhere', () => {
  expect(score((x) => x)).toMatchObject({ inside: 0, outside: 0, far: 0 });
});

test.each([
  ['the mean', () => 0],
  ['weights off by 1 %', (x: number) => 1.01 * x],
  ['a net that stops at its range', (x: number) => Math.max(-5, Math.min(5, x))],
])('%s fails', (_, answer) => {
  expect(score(answer)!.outside).toBeGreaterThan(0.05);
  expect(score(answer)!.far).toBeGreaterThan(1e-4);
});

test('the limit at ±1,000,000 lies where it says', () => {
  expect(score((x) => x * (1 + 0.5e-4))!.far).toBeLessThan(1e-4);
  expect(score((x) => x * (1 + 2e-4))!.far).toBeGreaterThan(1e-4);
});

test.each(['nac', 'relu'])('an untrained net of %s fails with every seed', async (nets) => {
  const settings = settingsOf(identity, { nets, seeds: '1..5' });
  const [run] = await identity.runs(settings as never, {});
  const training = await identity.train(run!, {});
  const { copies } = await identity.evaluate(run!, training.save(), {});
  await training.dispose();
  for (const { far, outside } of copies) {
    expect(far).toBeGreaterThan(0.1);
    expect(outside).toBeGreaterThan(1);
  }
});

test('a model of a hundred that breaks in training is reported, and leaves the others the same bits', async () => {
  const settings = settingsOf(identity, { nets: 'tanh', seeds: '1..100', iterations: 4 });
  const [run] = await identity.runs(settings as never, {});
  async function trained(breaks: boolean) {
    const training = await identity.train(run!, {});
    for (let i = 0; i < training.steps; i += 1) {
      await training.step(i);
      if (breaks && i === 1) {
        const { parameters, ...rest } = training.save();
        const broken = parameters!.slice();
        // The first weights of the first layer: eight of each copy.
        broken[8 * 6] = Number.NaN;
        training.restore({ ...rest, parameters: broken });
      }
    }
    const { copies } = await identity.evaluate(run!, training.save(), {});
    await training.dispose();
    return copies;
  }
  const [whole, broken] = [await trained(false), await trained(true)];
  const lost = { seed: 7, diverged: true, inside: null, outside: null, far: null };
  expect(broken[6]).toEqual(lost);
  expect(broken.toSpliced(6, 1)).toEqual(whole.toSpliced(6, 1));
});
