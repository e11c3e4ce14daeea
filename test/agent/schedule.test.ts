import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseConfig } from '../../agent/pathways/configure.ts';
import { entropyBonusAt, learningRateAt, pullAt, roundsAfter } from '../../agent/schedule.ts';

const config = parseConfig({ pull: 0.6, pullFrom: 0.3, roundAt: 0.7 });

test('the learning rate falls to zero at the last frame, or stays', () => {
  const at = (frames: number, given = {}) =>
    learningRateAt(parseConfig({ learningRate: 1e-3, warmup: 0, ...given }), frames, 200, 10);
  expect(at(0)).toBe(1e-3);
  expect(at(50)).toBeCloseTo(7.5e-4, 10);
  expect(at(300)).toBe(0);
  expect(at(150, { learningRateSchedule: 'constant' })).toBe(1e-3);
});

test('the learning rate rises from near zero over the warm-up, an update at a time', () => {
  const warming = parseConfig({
    ...{ learningRate: 1e-3, learningRateSchedule: 'constant', warmup: 0.2 },
  });
  const at = (frames: number) => learningRateAt(warming, frames, 200, 10);
  expect(at(0)).toBeCloseTo(2.5e-4, 10);
  expect(at(20)).toBeCloseTo(7.5e-4, 10);
  expect(at(30)).toBe(1e-3);
  expect(at(200)).toBe(1e-3);
});

test('the entropy bonus falls to a tenth, or another share, at the last frame, or stays', () => {
  const at = (frames: number, given = {}) =>
    entropyBonusAt(parseConfig({ entropyBonus: 0.02, ...given }), frames, 200);
  expect(at(0)).toBe(0.02);
  expect(at(100)).toBeCloseTo(0.011, 10);
  expect(at(200)).toBeCloseTo(0.002, 10);
  expect(at(400)).toBeCloseTo(0.002, 10);
  expect(at(100, { entropyLeft: 0.5 })).toBeCloseTo(0.015, 10);
  expect(at(200, { entropyLeft: 0.5 })).toBeCloseTo(0.01, 10);
  expect(at(150, { entropySchedule: 'constant' })).toBe(0.02);
});

test('the pull sets in at pullFrom and is whole at roundAt', () => {
  const at = (share: number) => pullAt(config, share * 1000, 1000);
  expect(at(0)).toBe(0);
  expect(at(0.3)).toBe(0);
  expect(at(0.5)).toBeCloseTo(0.3, 10);
  expect(at(0.7)).toBe(0.6);
  expect(at(0.9)).toBe(0.6);
});

test('the pull is never infinite or not a number, whatever the shares', () => {
  fc.assert(
    fc.property(fc.tuple(fc.float(), fc.float()), fc.nat(1000), ([a, b], frames) => {
      const share = (x: number) => (Number.isFinite(x) ? Math.abs(x) % 1 : 1);
      const pull = pullAt({ ...config, pullFrom: share(a), roundAt: share(b) }, frames, 1000);
      expect(pull).toBeGreaterThanOrEqual(0);
      expect(pull).toBeLessThanOrEqual(0.6 + 1e-9);
    }),
  );
});

test('weights are rounded after exactly one of a training’s updates, or after none', () => {
  const rounding = (roundAt: number, frames: number, total: number) => {
    let count = 0;
    for (let before = 0; before < total; before += frames) {
      count += Number(roundsAfter({ ...config, roundAt }, before, before + frames, total));
    }
    return count;
  };
  expect(rounding(0.7, 640, 64_000)).toBe(1);
  expect(rounding(0.7, 640, 1_000_000)).toBe(1);
  expect(rounding(0.001, 640, 1_000_000)).toBe(1);
  expect(rounding(1, 640, 64_000)).toBe(0);
});
