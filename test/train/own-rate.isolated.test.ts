import { expect, test } from 'vitest';
import { pathwaySpec, registerPathway } from '../../agent/pathways/registry.ts';
import { resolveSettings } from '../../src/train/settings.ts';

test('a learning rate that a pathway has of its own is halved for large pictures too', () => {
  const id = 'nac-at-its-own-rate';
  registerPathway({ ...pathwaySpec('nac'), id, defaults: { learningRate: 0.0004 } });
  const rate = (env: string) => resolveSettings({ agent: id, env }).config.learningRate;
  expect(rate('TimedGrid-v0')).toBe(0.0004);
  expect(rate('TimedGrid-9x9-v0')).toBe(0.0002);
});
