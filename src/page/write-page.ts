import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { pathwaySpecs } from '../../agent/pathways/registry.ts';
import { specs } from '../../env/index.ts';
import { Failure, reportingSystemErrors, UsageError } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { parseJson } from '../common/parse-json.ts';
import { readBytes, readText } from '../common/read-file.ts';
import { replaceFile, temporaryBeside } from '../common/replace-file.ts';
import { pageFolder } from '../server/page-folder.ts';
import { PAGE_FILE, type PageFile } from './browser/page-file.ts';
import { type KeptFiles, type PageParts, versioned } from './browser/posted.ts';
import { FIRST_FILE, type PageContents } from './make-page.ts';
import { hashOf, sha256 } from './own-code.ts';

/** The scripts of pages that need no server, bundled beside the compiled program. */
const scripts = fileURLToPath(new URL('../../page', import.meta.url));
const WORKER = 'worker.js';
const WASM = 'ort-wasm-simd-threaded.wasm';
const LICENCES = 'LICENSES-worker.txt';
const OFFLINE = 'offline.js';
const INDEX = 'index.html';

/** Nothing from elsewhere, and no script but the page's own. @param script sources of scripts @param worker sources of threads */
const policy = (script: string, worker: string): string =>
  `default-src 'none'; script-src ${script} 'wasm-unsafe-eval'; worker-src ${worker}; connect-src 'self' data: blob:; img-src 'self' data: blob:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; media-src blob:; base-uri 'none'; form-action 'none'`;

/**
 * Writes a page as a folder of static files, all of it or nothing.
 * @param folder must be missing or empty, or, with `overwrite`, hold such a page
 * @throws UsageError where it holds something else, Failure where the disk refuses
 */
export function writePageFolder(
  contents: PageContents,
  folder: string,
  { overwrite = false }: { readonly overwrite?: boolean | undefined } = {},
): void {
  requireFree(folder, overwrite);
  reportingSystemErrors('write the page in', folder, () => {
    makeFolder(dirname(folder));
    const beside = temporaryBeside(folder);
    try {
      fs.cpSync(built(pageFolder), beside, { recursive: true });
      for (const name of [WORKER, WASM, LICENCES])
        fs.copyFileSync(join(scripts, name), join(beside, name));
      for (const [name, content] of Object.entries(contents))
        fs.writeFileSync(join(beside, name), content);
      const own = partsOf(contents);
      const kept = filesToKeep(beside, own);
      const parts = { ...own, version: kept.version, offline: OFFLINE };
      const policies = policy(`'self'${ownCode(contents)}`, "'self'");
      const html = withHead(policies, parts, readText(join(beside, INDEX)));
      fs.writeFileSync(join(beside, INDEX), html);
      const script = readText(join(scripts, OFFLINE));
      const list = `self.timegridKept = ${JSON.stringify(kept)};`;
      fs.writeFileSync(join(beside, OFFLINE), `${list}\n${script}`);
      putInPlace(beside, folder);
    } finally {
      fs.rmSync(beside, { recursive: true, force: true });
    }
  });
}

/** Writes a page as one file that holds everything, for a browser to open without any server. @throws as `writePageFolder` does */
export function writeSinglePage(
  contents: PageContents,
  file: string,
  { overwrite = false }: { readonly overwrite?: boolean | undefined } = {},
): void {
  requireFree(file, overwrite);
  const script = readText(join(built(scripts), 'page.js')).replaceAll('</script', '<\\/script');
  const digest = createHash('sha256').update(script).digest('base64');
  const style = readText(join(scripts, 'page.css'));
  const held: PageContents = {
    ...contents,
    ...Object.fromEntries([WORKER, WASM].map((name) => [name, readBytes(join(scripts, name))])),
  };
  const files = Object.entries(held).map(([name, content]) => {
    const text = gzipSync(content, { level: 9 }).toString('base64');
    return `<script type="text/plain" data-file="${name}">${text}</script>`;
  });
  const html = readText(join(built(pageFolder), INDEX))
    .replace(/\s*<(script|link)\b[^>]*(\.js|\.css)"[^>]*>(<\/script>)?/g, '')
    .replace('</head>', () => `<style>${style}</style>\n  </head>`)
    .replace(
      '</body>',
      () => `${files.join('\n')}\n<script type="module">${script}</script>\n</body>`,
    );
  reportingSystemErrors('write the page to', file, () => {
    makeFolder(dirname(file));
    const policies = policy(`'sha256-${digest}'${ownCode(contents)}`, 'data:');
    replaceFile(file, withHead(policies, partsOf(contents), html));
  });
}

/** A user's own code is imported from addresses of the page's own making. */
const ownCode = (contents: PageContents): string =>
  (parseJson(String(contents[PAGE_FILE])) as PageFile).modules.length > 0 ? ' blob:' : '';

/** What a page says of its parts. */
function partsOf(contents: PageContents): PageParts {
  const { world } = parseJson(String(contents[PAGE_FILE])) as PageFile;
  const choices = (all: readonly { readonly id: string; readonly summary: string }[]) =>
    all.map(({ id, summary }) => ({ id, summary }));
  const trains = { agents: choices(pathwaySpecs()), worlds: choices(specs()), world };
  return { worker: WORKER, wasm: WASM, first: FIRST_FILE, trains };
}

/** What a page's service worker keeps: all that the page may ask for. The version names all of it, and the page's own form. */
function filesToKeep(folder: string, parts: PageParts): KeptFiles {
  const paths = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.txt'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
  const digests = paths.map((path) => [path, sha256(readBytes(join(folder, path)))] as const);
  const version = hashOf(JSON.stringify([digests, parts, policy('', '')]));
  // Scripts of the page have their content in their names.
  const urlOf = (path: string) => (path.includes('/') ? path : versioned(path, version));
  const files = digests.filter(([path]) => path !== INDEX);
  return { version, page: INDEX, files: files.map(([path, hash]) => [urlOf(path), hash]) };
}

function withHead(policies: string, parts: PageParts, html: string): string {
  const text = JSON.stringify(parts).replaceAll('<', '\\u003c');
  const head = `<meta http-equiv="Content-Security-Policy" content="${policies}" />
    <script type="application/json" id="timegrid-parts">${text}</script>`;
  return html.replace('<meta charset="utf-8" />', (charset) => `${charset}\n    ${head}`);
}

/** @throws Failure where the program was not built */
function built(folder: string): string {
  if (fs.existsSync(folder)) return folder;
  throw new Failure('the page has not been built: npm run build builds it');
}

/** @throws UsageError where there is something that a page may not replace */
export function requireFree(path: string, overwrite = false): void {
  const stats = fs.statSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  const isPage = stats.isDirectory()
    ? fs.existsSync(join(path, PAGE_FILE)) || fs.readdirSync(path).length === 0
    : path.endsWith('.html');
  if (!isPage) {
    throw new UsageError(`${path} exists and is no page of timegrid: choose another place`);
  }
  if (overwrite || (stats.isDirectory() && fs.readdirSync(path).length === 0)) return;
  throw new UsageError(`${path} exists; give --overwrite to replace it, or another place`);
}

/** Puts a new folder where an old one may be. */
function putInPlace(made: string, folder: string): void {
  const old = temporaryBeside(folder);
  if (fs.existsSync(folder)) fs.renameSync(folder, old);
  fs.renameSync(made, folder);
  fs.rmSync(old, { recursive: true, force: true });
}
