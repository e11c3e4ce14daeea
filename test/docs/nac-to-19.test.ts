import fs from 'node:fs';
import { expect, test } from 'vitest';
import { type StudyReport, studyReport } from '../../src/evaluate/report-lines.ts';
import { longestMemory } from '../../src/explain/memory.ts';
import { planStudyFile } from '../../src/study/plan-study.ts';
import type { Result } from '../../src/study/result.ts';
import { savedResult } from '../../src/study/results.ts';

async function kept(name: string): Promise<{ results: readonly Result[]; report: StudyReport }> {
  const plan = await planStudyFile(`studies/${name}.json`, `docs/${name}`);
  const results = plan.runs.flatMap((run) => savedResult(run) ?? []);
  expect(results).toHaveLength(plan.runs.length);
  return { results, report: studyReport(plan, results) };
}

/** What the accumulator of a run of `nac` kept of its longest memory at the end, as `timegrid explain` has it, and what it was exact at. */
function rowOf({ agent, seed, learning, evaluation }: Result): string {
  const weights = Float32Array.from(learning.at(-1)!.weights!.nac!);
  const width = Math.round(Math.sqrt(weights.length + 1)) - 1;
  const outputs = Array.from({ length: width }, (_, i) => `n${i + 1}`);
  const growth = longestMemory({
    ...{ name: 'nac', inputs: ['t', '1', ...outputs], outputs, weights, keeps: 'outputs' },
    reading: { sums: weights, powers: null, gate: null },
  });
  const beyond = evaluation.rows.filter(({ number }) => number >= 12);
  const failing = beyond.findIndex(({ exact }) => exact < 0.9);
  const at19 = beyond.find(({ number }) => number === 19)!.exact;
  const name = `${agent}, seed ${seed}`;
  return `| ${name} | ${growth!.toFixed(2)} | ${beyond[failing - 1]!.number} | ${Math.round(at19 * 100)} % |`;
}

test('the page says of each seed what it keeps of its memory, and how far it is exact', async () => {
  const { results } = await kept('record');
  const paper = results.filter(({ agent }) => agent === 'nac');
  const { results: narrow } = await kept('nac-to-19');
  const page = fs.readFileSync('docs/nac-to-19/README.md', 'utf8');
  for (const result of [...paper, ...narrow]) expect(page).toContain(`\n${rowOf(result)}\n`);
});

test('the study is reported as its results say', async () => {
  const { report } = await kept('nac-to-19');
  const written = JSON.parse(fs.readFileSync('docs/nac-to-19/report.json', 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(report)));
});
