import { expect, test } from 'vitest';
import { studyReport } from '../../src/evaluate/report-lines.ts';
import type { Evaluation } from '../../src/evaluate/results.ts';
import { formatStudyReport } from '../../src/render/study-report.ts';
import { makeEvaluations } from './evaluations.ts';

function report(
  numbers: readonly number[],
  seeds: readonly number[],
  change: Partial<Evaluation> = {},
): string[] {
  const declared = { title: 'T', frames: 1000, agents: [{ name: 'nac', about: '' }] };
  const evaluations = makeEvaluations(['nac'], seeds, numbers);
  const results = evaluations.map((evaluation) => ({
    ...{ agent: 'nac', seed: evaluation.seed },
    evaluation: { ...evaluation, ...change },
  }));
  return formatStudyReport(studyReport(declared, results), 'timegrid study', []).split('\n');
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('the short tables begin in training: an agent that is perfect there alone does not look a failure', () => {
  const lines = report([...range(5, 30), 100, 1000], [1]);
  const at = lines.findIndex((line) => line.startsWith('| t | '));
  expect(lines[at]).toMatch(/^\| t \| 5 • \| 9 • \| 12 • \| 13 \| .* \| 1,000 \|$/);
  expect(lines[at]!.split('|').length).toBeLessThanOrEqual(12 + 3);
  expect(lines[at + 2]).toMatch(/^\| nac \| \d+ % \|/);
  expect(lines).toContain('• met in training');
});

test('three seeds have an interval, two have none, and the report says so', () => {
  const three = report([5, 20], [1, 2, 3]).join('\n');
  expect(three).toContain('Mean over seeds with its 95 % bootstrap interval');
  expect(three).toContain('| t | reward | 95 % CI | IQM |');
  const two = report([5, 20], [1, 2]).join('\n');
  expect(two).toContain('Mean over seeds (no interval: that needs at least three seeds)');
  expect(two).not.toContain('95 % CI');
});

test('an agent with more seeds than the others is named', () => {
  const agents = ['baseline', 'nac', 'clock'].map((name) => ({ name, about: '' }));
  const results = agents.flatMap(({ name }) =>
    makeEvaluations([name], name === 'clock' ? [1, 2, 3, 4] : [1, 2], [5, 20]).map(
      (evaluation) => ({ agent: name, seed: evaluation.seed, evaluation }),
    ),
  );
  const declared = { title: 'T', frames: 1000, agents };
  const said = formatStudyReport(studyReport(declared, results), 'timegrid study', []);
  expect(said).toContain('3 agents with 2 seeds each (4 of clock), ');
  expect(report([5, 20], [1, 2, 3]).join('\n')).toContain('one agent with 3 seeds each, ');
});

test('a run that earns little greedily and much sampled is named', () => {
  const policies = { episodes: 64, numbers: [5, 12] as const, greedy: 0, sample: 9.03 };
  expect(report([5, 20], [1], { policies })).toContain(
    'nac, seed 1, earns 0.00 with greedy actions but 9.03 with sampled ones, which training takes (mean of 64 episodes each, t = 5 to 12).',
  );
});

test('where figures show only some of many agents, the report says so', () => {
  const many = (count: number): string => {
    const agents = Array.from({ length: count }, (_, i) => ({ name: `a, lstm ${i}`, about: '' }));
    const evaluations = makeEvaluations(
      agents.map(({ name }) => name),
      [1],
      [5, 20],
    );
    const results = evaluations.map((evaluation) => ({
      ...{ agent: evaluation.label, seed: 1, evaluation },
    }));
    const declared = { title: 'T', frames: 1000, agents };
    return formatStudyReport(studyReport(declared, results), 'timegrid study', []);
  };
  const note = 'The figures show the 12 agents with the greatest mean reward; the tables, all.';
  expect(many(13)).toContain(note);
  expect(many(13)).toContain('| a, lstm 12 |');
  expect(many(12)).not.toContain('The figures show');
});
