import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COUNTED, counterTable } from '../../scripts/counter-page.ts';
import { type StudyReport, studyReport } from '../../src/evaluate/report-lines.ts';
import { planStudyFile } from '../../src/study/plan-study.ts';
import { savedResult } from '../../src/study/results.ts';

const reportOf = (name: string): StudyReport =>
  JSON.parse(fs.readFileSync(`docs/counter/${name}/report.json`, 'utf8'));
const names = Object.keys(COUNTED).filter((name) => fs.existsSync(`docs/counter/${name}`));

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

describe.each(names)('%s', (name) => {
  test('has a result of every run that it declares, and is reported as these say', async () => {
    const plan = await planStudyFile(`studies/counter/${name}.json`, `docs/counter/${name}`, true);
    const results = plan.runs.flatMap((run) => savedResult(run) ?? []);
    expect(results).toHaveLength(plan.runs.length);
    expect(reportOf(name)).toEqual(JSON.parse(JSON.stringify(studyReport(plan, results))));
  });
});

test('the page has the table of the reports', () => {
  const reports = Object.fromEntries(names.map((name) => [name, reportOf(name)]));
  expect(fs.readFileSync('docs/counter/README.md', 'utf8')).toContain(
    `\n\n${counterTable(reports)}\n\n`,
  );
});
