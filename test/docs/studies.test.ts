import fs from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { formatPercent } from '../../src/common/format.ts';
import { type StudyReport, studyReport } from '../../src/evaluate/report-lines.ts';
import { formatStudyReport } from '../../src/render/study-report.ts';
import { planStudyFile } from '../../src/study/plan-study.ts';
import type { StudyPlan } from '../../src/study/planned-run.ts';
import type { Result } from '../../src/study/result.ts';
import { savedResult } from '../../src/study/results.ts';

const read = (path: string): string => fs.readFileSync(path, 'utf8');
const wholeOf = (text: string): number => Number(text.replaceAll(',', ''));
const cellsOf = (row: string): string[] => row.split('|').map((cell) => cell.trim());

/** From the end of training to about a thousand times that. */
const FAR = [12, 20, 50, 100, 200, 500, 1000, 10_000];

interface Kept {
  readonly plan: StudyPlan;
  readonly results: readonly Result[];
  readonly report: StudyReport;
}

async function keptResults(name: string, folder = `docs/${name}`): Promise<Kept> {
  const plan = await planStudyFile(`studies/${name}.json`, folder);
  const results = plan.runs.flatMap((run) => savedResult(run) ?? []);
  return { plan, results, report: studyReport(plan, results) };
}

/** What a table of the README says where the results have nothing, or a share. */
function exactAt({ agents }: StudyReport, agent: string, time: number): string {
  const { lines } = agents.find(({ name }) => name === agent)!;
  const line = lines.find((candidate) => candidate.number === time);
  return line ? formatPercent(line.exact.mean) : '';
}

/** The rows of each seed's evaluation of an agent, by number. */
const exactOf = ({ results }: Kept, agent: string): Map<number, number>[] =>
  results
    .filter((result) => result.agent === agent)
    .map(({ evaluation }) => new Map(evaluation.rows.map((row) => [row.number, row.exact])));

describe.each([
  ['record', 'docs/record'],
  ['ablations', 'docs/ablations'],
  ['paced', 'docs/numeracy/paced'],
  ['nalu-clock', 'docs/numeracy/nalu-clock'],
])('the study %s in %s', (name, folder) => {
  let kept: Kept;
  beforeAll(async () => {
    kept = await keptResults(name, folder);
  });

  test('has a result of every run that it declares, five seeds of each agent, and ten of the clock in the study of record', () => {
    const { plan, results } = kept;
    expect(results.map(({ agent, seed }) => `${agent} ${seed}`)).toEqual(
      plan.runs.map(({ agent, seed }) => `${agent} ${seed}`),
    );
    for (const agent of plan.agents) {
      const seeds = results.filter((result) => result.agent === agent.name);
      const count = name === 'record' && agent.name === 'nac-clock' ? 10 : 5;
      expect(seeds.map(({ seed }) => seed)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    }
  });

  test('is reported as its results say', () => {
    const written = read(`${folder}/report.md`);
    const figures = [...written.matchAll(/^!\[(.*)\]\((.*)\)$/gm)].map(([, shows, file]) => ({
      file: file!,
      shows: shows!,
    }));
    expect(figures.map(({ file }) => file)).toEqual(['reward.png', 'learning.png', 'weights.png']);
    for (const { file } of figures) expect(fs.existsSync(`${folder}/${file}`)).toBe(true);
    const command = `timegrid study studies/${name}.json --folder ${folder}`;
    expect(written.trimEnd()).toBe(formatStudyReport(kept.report, command, figures).trimEnd());
    const numbers = JSON.parse(read(`${folder}/report.json`));
    expect(numbers).toEqual(JSON.parse(JSON.stringify(kept.report)));
  });
});

test.each([
  ['record', 10],
  ['ablations', 5],
])(
  'the study %s finds every seed of the clock exact far beyond training, in 99 of 100 episodes, %i of them',
  async (name, count) => {
    const clocks = exactOf(await keptResults(name), 'nac-clock');
    expect(clocks).toHaveLength(count);
    for (const exact of clocks) {
      for (const time of FAR) expect(exact.get(time), `${time}`).toBeGreaterThanOrEqual(0.99);
    }
  },
);

test('the study of record finds three seeds of the clock exact at a million', async () => {
  const clocks = exactOf(await keptResults('record'), 'nac-clock');
  expect(clocks.flatMap((exact) => exact.get(1_000_000) ?? [])).toEqual([1, 1, 1]);
});

test('in the world that needs a product, what only adds fails beyond training, and what multiplies does not', async () => {
  const kept = await keptResults('paced', 'docs/numeracy/paced');
  const [adding, multiplying] = ['nac-clock', 'cell-clock'].map((agent) => exactOf(kept, agent));
  expect([adding!.length, multiplying!.length]).toEqual([5, 5]);
  for (const beats of [12, 20, 50, 100, 1000]) {
    for (const exact of adding!) expect(exact.get(beats), `${beats}`).toBeLessThan(0.2);
    for (const exact of multiplying!) expect(exact.get(beats), `${beats}`).toBeGreaterThan(0.98);
  }
});

test('docs/numeracy/worlds.md says of the world that needs a product what the study found', async () => {
  const { report } = await keptResults('paced', 'docs/numeracy/paced');
  const page = read('docs/numeracy/worlds.md');
  const beats = [2, 3, 4, 5, 8, 12, 20, 50, 100, 1000];
  for (const { name } of report.agents) {
    const row = new RegExp(`^\\| \`${name}\` \\|(.*)\\|$`, 'm').exec(page)!;
    expect(cellsOf(row[1]!)).toEqual(beats.map((number) => exactAt(report, name, number)));
  }
});

describe('the README', () => {
  test('says of the study of record what it found', async () => {
    const { report } = await keptResults('record');
    const rows = [...read('README.md').matchAll(/^\| ([\d,]+) \|(.*)\|$/gm)];
    expect(rows.length).toBeGreaterThan(8);
    for (const [, time, cells] of rows) {
      const expected = report.agents.map(({ name }) => exactAt(report, name, wholeOf(time!)));
      expect(cellsOf(cells!)).toEqual(expected);
    }
  });

  test('says of the ablations what they found', async () => {
    const { report } = await keptResults('ablations');
    const [table, head] = /^\| exact at `t` = \|(.*)\|$[\s\S]*/m.exec(read('README.md'))!;
    const times = cellsOf(head!).map(wholeOf);
    expect(times.length).toBeGreaterThan(4);
    for (const { name } of report.agents) {
      const row = table.match(new RegExp(`^\\| \`${name}\` \\|(.*)\\|$`, 'm'))!;
      const expected = times.map((time) => exactAt(report, name, time));
      expect(cellsOf(row[1]!), name).toEqual(expected);
    }
  });
});

test('told once and with all weights learned, ten seeds of ten are exact from 9 to 10,001, as the README says', async () => {
  const kept = await keptResults('told-once');
  expect(kept.results).toHaveLength(kept.plan.runs.length);
  const [agent] = kept.plan.agents;
  const seeds = exactOf(kept, agent!.name);
  expect(seeds).toHaveLength(10);
  for (const rows of seeds) {
    const beyond = [...rows].filter(([time]) => time >= 9);
    // Odd times too: a clock that swings between two values can be exact at all even ones.
    expect(beyond.map(([time]) => time)).toEqual(expect.arrayContaining([9, 10_000, 10_001]));
    expect(beyond.filter(([, exact]) => exact < 1)).toEqual([]);
  }
  expect(read('README.md')).toMatch(
    /ten of ten seeds are exact in every\nepisode at every time tried from 9 to 10,001/,
  );
  const written = JSON.parse(read('docs/told-once/report.json'));
  expect(written).toEqual(JSON.parse(JSON.stringify(kept.report)));
});
