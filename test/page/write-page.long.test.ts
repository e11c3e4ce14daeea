import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
// Threads run the compiled code.
import { makePage, type PageContents } from '../../dist/src/page/make-page.js';
import { writePageFolder, writeSinglePage } from '../../dist/src/page/write-page.js';
import type { PageFile } from '../../src/page/browser/page-file.ts';
import type { FirstMessages, KeptFiles } from '../../src/page/browser/posted.ts';
import { sha256 } from '../../src/page/own-code.ts';
import { saveRun } from '../evaluate/saved-run.ts';
import { temporaryFolder } from '../run/temporary.ts';

let contents: PageContents;
let page: PageFile;

const runs = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));

beforeAll(async () => {
  const paths = (['baseline', 'nac'] as const).map((pathway) => join(runs, pathway));
  for (const [i, path] of paths.entries())
    saveRun(path, { config: { pathway: (['baseline', 'nac'] as const)[i]! } });
  contents = await makePage(paths, { checkpoint: 'last', episodes: 3 });
  page = JSON.parse(String(contents['page.json']));
});

/** What the service worker of a folder keeps. */
function keptIn(folder: string): KeptFiles {
  const [list] = fs.readFileSync(join(folder, 'offline.js'), 'utf8').split('\n');
  return JSON.parse(/^self\.timegridKept = (.*);$/.exec(list!)![1]!);
}

afterAll(() => fs.rmSync(runs, { recursive: true, force: true }));

test('a page holds the agents, and how they did in the first episodes at each number', () => {
  expect(page.agents.map(({ info }) => info.name)).toEqual(['baseline', 'nac']);
  expect(page.world.options).toMatchObject({ size: 3, timeMax: 4 });
  for (const { programs, parameters, played, blueprint } of page.agents) {
    for (const { model } of Object.values(programs))
      expect(contents[model]).toBeInstanceOf(Uint8Array);
    expect(contents[parameters]).toHaveLength(4 * blueprint.layout.size);
    const numbers = new Set(played.map(({ number }) => number));
    expect([...numbers][0]).toBe(2);
    expect(played).toHaveLength(3 * numbers.size);
    expect(played.every(({ end }) => end.steps > 0)).toBe(true);
  }
});

test('and what it is told at first: greeting, charts, and the whole episode that it will ask for', () => {
  const { asked, greeting, episode }: FirstMessages = JSON.parse(String(contents['first.json']));
  expect(JSON.parse(asked)).toMatchObject({ seed: 0, policy: 'greedy' });
  const kinds = greeting.map((message) => 'text' in message && JSON.parse(message.text).kind);
  expect(kinds[0]).toBe('hello');
  expect(kinds.filter((kind) => kind === 'rows')).toHaveLength(2);
  const ends = episode.filter(
    (message) => 'text' in message && JSON.parse(message.text).kind === 'end',
  );
  expect(ends).toHaveLength(2);
});

test('a folder holds the page, and is replaced only if that is asked for and it is a page', () => {
  const folder = join(temporaryFolder(), 'new', 'site');
  writePageFolder(contents, folder);
  const html = fs.readFileSync(join(folder, 'index.html'), 'utf8');
  expect(html).toMatch(
    /Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
  );
  const parts = JSON.parse(/id="timegrid-parts">(.*)<\/script>/.exec(html)![1]!);
  const { version: own, trains, ...named } = parts;
  for (const name of Object.values(named) as string[])
    expect(fs.existsSync(join(folder, name)), name).toBe(true);
  const ids = (choices: { id: string }[]) => choices.map(({ id }) => id);
  expect(ids(trains.agents)).toContain('nac-counter');
  expect(ids(trains.worlds)).toContain('CountCoins-v0');
  const { version, files } = keptIn(folder);
  expect(version).toBe(own);
  for (const [url, digest] of files) {
    const [name, query] = url.split('?') as [string, string | undefined];
    expect(query).toBe(name.startsWith('assets/') ? undefined : `v=${version}`);
    expect(sha256(fs.readFileSync(join(folder, name)))).toBe(digest);
  }
  expect(() => writePageFolder(contents, folder)).toThrow(/exists; give --overwrite/);
  fs.writeFileSync(join(folder, 'stale.txt'), '');
  writePageFolder(contents, folder, { overwrite: true });
  expect(fs.existsSync(join(folder, 'stale.txt'))).toBe(false);
  expect(keptIn(folder).version).toBe(version);
  writePageFolder({ ...contents, 'page.json': `${contents['page.json']} ` }, folder, {
    overwrite: true,
  });
  expect(keptIn(folder).version).not.toBe(version);
  expect(fs.readdirSync(join(folder, '..'))).toEqual(['site']);
  const other = temporaryFolder();
  fs.writeFileSync(join(other, 'thesis.txt'), 'mine');
  expect(() => writePageFolder(contents, other, { overwrite: true })).toThrow(
    /is no page of timegrid/,
  );
  expect(fs.readdirSync(other)).toEqual(['thesis.txt']);
});

test('one file holds all of it, and takes nothing from elsewhere', () => {
  const file = join(temporaryFolder(), 'agents.html');
  writeSinglePage(contents, file);
  const html = fs.readFileSync(file, 'utf8');
  const markup = html.replaceAll(
    /(<(?:script|style)[^>]*>)[\s\S]*?(<\/(?:script|style)>)/g,
    '$1$2',
  );
  expect(html).not.toMatch(/offline\.js/);
  expect(markup).not.toMatch(/<(script|link)[^>]*(src|href)="(?!data:)/);
  const held = [...html.matchAll(/data-file="([^"]*)">([^<]*)</g)].map(
    ([, name, text]) => [name!, gunzipSync(Buffer.from(text!, 'base64'))] as const,
  );
  expect(held.map(([name]) => name).sort()).toEqual(
    [...Object.keys(contents), 'ort-wasm-simd-threaded.wasm', 'worker.js'].sort(),
  );
  for (const [name, content] of Object.entries(contents)) {
    expect(Buffer.from(content).equals(Object.fromEntries(held)[name]!)).toBe(true);
  }
  expect(() => writeSinglePage(contents, file)).toThrow(/exists; give --overwrite/);
  writeSinglePage(contents, file, { overwrite: true });
});
