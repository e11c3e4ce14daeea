import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COUNTED, counterTables, VARIED } from '../../scripts/counter-page.ts';
import { type StudyReport, studyReport } from '../../src/evaluate/report-lines.ts';
import { planStudyFile } from '../../src/study/plan-study.ts';
import { savedResult } from '../../src/study/results.ts';

const reportOf = (name: string): StudyReport =>
  JSON.parse(fs.readFileSync(`docs/counter/${name}/report.json`, 'utf8'));
const names = [...Object.keys(COUNTED), ...Object.keys(VARIED)];

test('every study is declared, of one agent with its default settings and five seeds', () => {
  for (const name of Object.keys(COUNTED)) {
    const { seeds, agents, set, envOptions } = JSON.parse(
      fs.readFileSync(`studies/counter/${name}.json`, 'utf8'),
    );
    expect({ seeds, set, envOptions }).toEqual({ seeds: '1..5' });
    expect(Object.values(agents)).toEqual([
      { agent: 'nac-counter', about: expect.stringContaining('counts') },
    ]);
  }
});

test('a study with other settings differs from that of its world in these alone', () => {
  const read = (name: string) =>
    JSON.parse(fs.readFileSync(`studies/counter/${name}.json`, 'utf8'));
  for (const [name, { of, set }] of Object.entries(VARIED)) {
    const { title: _, set: changed, ...varied } = read(name);
    const { title, ...usual } = read(of);
    expect(varied, title).toEqual({ ...usual });
    const settings = Object.entries(changed).map(([key, value]) => `\`${key}=${value}\``);
    expect(set).toBe(settings.join(', '));
  }
});

test.each(names)('%s is reported as its results say', (name) => {
  const rows = [1, 2, 3, 4, 5].map((seed) => {
    const path = `docs/counter/${name}/results/nac-counter-${seed}.json`;
    return JSON.parse(fs.readFileSync(path, 'utf8')).evaluation.rows;
  });
  expect(reportOf(name).runs.map((run) => run.rows)).toEqual(rows);
});

// A world in a file of its own is imported only by the compiled program.
describe.each(names.filter((name) => !name.startsWith('Knock')))('%s', (name) => {
  test('has a result of every run that it declares, and is reported as these say', async () => {
    const plan = await planStudyFile(`studies/counter/${name}.json`, `docs/counter/${name}`);
    const results = plan.runs.flatMap((run) => savedResult(run) ?? []);
    expect(results).toHaveLength(plan.runs.length);
    expect(reportOf(name)).toEqual(JSON.parse(JSON.stringify(studyReport(plan, results))));
  });
});

test('the page has the tables of the reports', () => {
  const reports = Object.fromEntries(names.map((name) => [name, reportOf(name)]));
  const page = fs.readFileSync('docs/counter/README.md', 'utf8');
  for (const table of counterTables(reports)) expect(page).toContain(`\n\n${table}\n\n`);
});
