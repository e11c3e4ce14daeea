/**
 * Builds the project's own site, for any web host: `npm run site [-- --out FOLDER]`, after `npm run build`. It holds the agents' page, the
 * documentation and the reports of the studies. The folder, by default `site`, is replaced.
 */

import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makePage } from '../src/page/make-page.ts';
import { writePageFolder } from '../src/page/write-page.ts';
import { PRETRAINED, pretrainedRun } from '../src/run/pretrained.ts';
import { AGENTS, sitePages } from './site-pages.ts';

const { values } = parseArgs({ options: { out: { type: 'string', default: 'site' } } });
/** From `dist/scripts`. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const beside = `${values.out}.new`;

fs.rmSync(beside, { recursive: true, force: true });
for (const [path, content] of sitePages(root)) {
  const file = join(beside, path);
  fs.mkdirSync(dirname(file), { recursive: true });
  if ('text' in content) fs.writeFileSync(file, content.text);
  else fs.copyFileSync(content.copy, file);
}
const agents = PRETRAINED.map(pretrainedRun);
const contents = await makePage(agents, { checkpoint: 'last', episodes: 20 });
writePageFolder(contents, join(beside, AGENTS));
fs.rmSync(values.out, { recursive: true, force: true });
fs.renameSync(beside, values.out);
console.log(`${values.out} holds the site`);
process.exit();
