/**
 * Runs the studies of `nac-counter`, one for each world, and writes docs/counter/README.md: `npm run counter`, after `npm run build`.
 * Run the same command again to resume it; what is finished is not trained again.
 *
 *   --jobs COUNT     trainings at once, a core each; by default one for each core
 *   --folder FOLDER  where runs are, by default runs/counter
 *   --only WORLDS    such as Knock,TwoTimes; the page is then written of what is there
 */

import fs from 'node:fs';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  formatCount,
  formatNumber,
  formatPercent,
  formatRange,
} from '../dist/src/common/format.js';
import { writeOutput } from '../dist/src/common/output.js';
import { study } from '../dist/src/index.js';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string' },
    folder: { type: 'string', default: 'runs/counter' },
    only: { type: 'string' },
  },
});
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const declared = here('../studies/counter');
const page = here('../docs/counter');
const worlds = fs.readdirSync(declared).map((file) => parse(file).name);
const chosen = values.only?.split(',') ?? worlds;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());

for (const world of chosen) {
  const folder = join(values.folder, world);
  const report = await study(join(declared, `${world}.json`), {
    ...{ folder, allowCode: true, signal: stop.signal },
    ...(values.jobs && { jobs: Number(values.jobs) }),
    onFinish: ({ label }) => console.error(`${world}, ${label}: finished`),
    onNote: ({ label }, sentence) => console.error(`${world}, ${label}: ${sentence}`),
  });
  if (!report) {
    console.error('everything is saved; run the same command again to resume');
    process.exit(130);
  }
  fs.cpSync(join(folder, 'results'), join(page, 'results', world), { recursive: true });
  writeOutput(join(page, `${world}.json`), `${JSON.stringify(report)}\n`);
}
