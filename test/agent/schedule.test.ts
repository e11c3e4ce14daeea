import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseConfig } from '../../agent/pathways/configure.ts';
import { learningRateAt, pullAt, roundsAfter } from '../../agent/schedule.ts';

const config = parseConfig({ pull: 0.6, pullFrom: 0.3, roundAt: 0.7 });

test('the learning rate falls to zero at the last frame, or stays', () => {
  expect(learningRateAt(config, 0, 200)).toBe(1e-3);
  expect(learningRateAt(config, 50, 200)).toBeCloseTo(7.5e-4, 10);
  expect(learningRateAt(config, 300, 200)).toBe(0);
  const constant = parseConfig({ learningRateSchedule: 'constant' });
  expect(learningRateAt(constant, 150, 200)).toBe(1e-3);
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
