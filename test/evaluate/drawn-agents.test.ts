import { expect, test } from 'vitest';
import { drawnAgents } from '../../src/evaluate/drawn-agents.ts';
import { summarise } from '../../src/evaluate/summary.ts';
import { makeEvaluations } from '../render/evaluations.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `agent ${i}`);

test('figures show every agent, or those with the greatest reward where they are many', () => {
  const few = summarise(makeEvaluations(names(12), [1], [5, 20]));
  expect(drawnAgents(few)).toEqual(few.agents);
  // The clock is best and the baseline worst, wherever they stand.
  const many = ['baseline', ...names(12), 'clock'];
  const drawn = drawnAgents(summarise(makeEvaluations(many, [1], [5, 20]))).map(
    ({ label }) => label,
  );
  expect(drawn).toHaveLength(12);
  expect(drawn).not.toContain('baseline');
  expect(drawn.at(-1)).toBe('clock');
});
