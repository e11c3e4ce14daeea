import fs from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { formatPercent } from '../../src/report/format.ts';
import { formatStudyReport, reportOf, type StudyReport } from '../../src/report/studyReport.ts';
import { type Declaration, readDeclaration } from '../../src/study/declaration.ts';
import { type Result, savedResult } from '../../src/study/result.ts';

const FILE = 'studies/record.json';
const FOLDER = 'docs/record';
const read = (path: string): string => fs.readFileSync(path, 'utf8');

/** From the end of training to about a thousand times that. */
const FAR = [12, 20, 50, 100, 200, 500, 1000, 10_000];

describe('the study of record', () => {
  let declaration: Declaration;
  let results: Result[];
  let report: StudyReport;

  beforeAll(async () => {
    declaration = await readDeclaration(FILE, FOLDER);
    results = declaration.runs.flatMap((run) => savedResult(run) ?? []);
    report = reportOf(declaration, results);
  });

  test('has a result of every run that it declares', () => {
    expect(results.map(({ agent, seed }) => `${agent} ${seed}`)).toEqual(
      declaration.runs.map(({ agent, seed }) => `${agent} ${seed}`),
    );
  });

  test('is reported as its results say', () => {
    const written = read(`${FOLDER}/report.md`);
    const figures = [...written.matchAll(/^!\[(.*)\]\((.*)\)$/gm)].map(([, shows, file]) => ({
      file: file!,
      shows: shows!,
    }));
    expect(figures.map(({ file }) => file)).toEqual(['reward.png', 'learning.png', 'weights.png']);
    for (const { file } of figures) expect(fs.existsSync(`${FOLDER}/${file}`)).toBe(true);
    const command = `timegrid figure ${FILE} --folder ${FOLDER}`;
    expect(written.trimEnd()).toBe(formatStudyReport(report, command, figures).trimEnd());
  });

  test.each(FAR)('finds every seed of the clock exact at %i, in 99 of 100 episodes', (time) => {
    const clocks = results.filter(({ agent }) => agent === 'nac-clock');
    expect(clocks).toHaveLength(5);
    for (const { seed, evaluation } of clocks) {
      const { exact, episodes } = evaluation.rows.find((row) => row.time === time)!;
      expect(exact, `seed ${seed}`).toBeGreaterThanOrEqual(0.99);
      expect(episodes).toBe(200);
    }
  });

  test('is what the README says', () => {
    const rows = [...read('README.md').matchAll(/^\| ([\d,]+) \|((?: \d+ % \|| \|)+)$/gm)];
    expect(rows.length).toBeGreaterThan(8);
    for (const [, time, cells] of rows) {
      const shares = report.agents.map(({ lines }) =>
        lines.find((line) => line.time === Number(time!.replaceAll(',', ''))),
      );
      const expected = shares.map((line) => (line ? formatPercent(line.exact.mean) : ''));
      const said = cells!.split('|').slice(0, -1);
      expect(said.map((cell) => cell.trim())).toEqual(expected);
    }
  });
});
