/**
 * Runs the studies of `nac-counter`, one for each world and those with other settings, and writes their figures to docs/counter:
 * `npm run counter`, after `npm run build`. Run the same command again to resume it; what is finished is not trained again.
 *
 *   --jobs COUNT     trainings at once, a core each; by default one for each core
 *   --folder FOLDER  where runs are, by default runs/counter
 *   --only STUDIES   such as Knock,TwoTimes
 */

import fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeOutput } from '../src/common/output.ts';
import { study } from '../src/index.ts';
import { COUNTED, counterTables, VARIED } from './counter-page.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string' },
    folder: { type: 'string', default: 'runs/counter' },
    only: { type: 'string' },
  },
});
/** From `dist/scripts`. */
const inPackage = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));
const docs = inPackage('docs/counter');
const names = [...Object.keys(COUNTED), ...Object.keys(VARIED)];
const reportOf = (name: string): string => join(docs, name, 'report.json');

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

for (const name of values.only?.split(',') ?? names) {
  const folder = join(values.folder, name);
  const report = await study(inPackage(`studies/counter/${name}.json`), {
    ...{ folder, allowCode: true, signal: stop.signal },
    ...(values.jobs && { jobs: Number(values.jobs) }),
    onFinish: ({ label }) => console.error(`${name}, ${label}: finished`),
    onNote: ({ label }, sentence) => console.error(`${name}, ${label}: ${sentence}`),
  });
  if (!report) {
    console.error('everything is saved; run the same command again to resume');
    process.exit(130);
  }
  fs.cpSync(join(folder, 'results'), join(docs, name, 'results'), { recursive: true });
  writeOutput(reportOf(name), `${JSON.stringify(report)}\n`);
}

const reports = Object.fromEntries(
  names
    .filter((name) => fs.existsSync(reportOf(name)))
    .map((name) => [name, JSON.parse(fs.readFileSync(reportOf(name), 'utf8'))]),
);
const page = join(docs, 'README.md');
const text = fs.readFileSync(page, 'utf8');
const tables = counterTables(reports);
writeOutput(
  page,
  text.replace(/(?:^\|.*\n)+/gm, () => `${tables.shift()}\n`),
);
