import fs from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Marked } from 'marked';

/** Folders whose Markdown, pictures and results are part of the site, and pages beside them. */
const FOLDERS = ['docs', 'studies', 'examples'];
const PAGES = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];
/** What pages link to besides other pages. */
const SHOWN = /\.(png|svg|json|ts|js|yaml|sh)$/;
const COPIED = { 'LICENSE.txt': 'LICENSE', 'CITATION.cff': 'CITATION.cff' };
/** Where the agents are, in the site. */
export const AGENTS = 'agents';

const NAVIGATION: readonly (readonly [string, string])[] = [
  ['timegrid', 'index.html'],
  ['Watch agents', `${AGENTS}/index.html`],
  ['Worlds', 'docs/worlds.html'],
  ['The study of record', 'docs/record/report.html'],
  ['One agent in many worlds', 'docs/counter/index.html'],
  ["The paper's other experiments", 'docs/numeracy/index.html'],
];

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1b1a; --ground: #f7f7f4; --line: #d8d8d2; --link: #0b6b57; }
@media (prefers-color-scheme: dark) { :root { --ink: #ecece8; --ground: #17171a; --line: #3a3a3f; --link: #57c9b0; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; }
nav { display: flex; flex-wrap: wrap; gap: 4px 24px; padding: 12px 24px; border-bottom: 1px solid var(--line); }
nav a:first-child { font-weight: 700; }
main { max-width: 900px; margin: 0 auto; padding: 16px 24px 64px; overflow-wrap: anywhere; }
a { color: var(--link); } img { max-width: 100%; height: auto; }
table { display: block; overflow-wrap: normal; overflow-x: auto; border-collapse: collapse; } th, td { padding: 4px 10px; border: 1px solid var(--line); vertical-align: top; }
pre { overflow-x: auto; padding: 12px; border: 1px solid var(--line); border-radius: 6px; } code { font-size: 14px; }
`;

/** Every file of the site but the agents' page, by its path: text, or the path of what is copied. */
export function sitePages(root: string): ReadonlyMap<string, { text: string } | { copy: string }> {
  const site = new Map<string, { text: string } | { copy: string }>();
  const within = FOLDERS.flatMap((folder) =>
    fs
      .readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );
  for (const path of [...PAGES, ...within.sort()]) {
    if (path.endsWith('.md')) {
      site.set(pagePath(path), { text: pageOf(path, fs.readFileSync(join(root, path), 'utf8')) });
    } else if (SHOWN.test(path)) {
      site.set(path, { copy: join(root, path) });
    }
  }
  for (const [to, from] of Object.entries(COPIED)) site.set(to, { copy: join(root, from) });
  for (const folder of FOLDERS) {
    const index = `${folder}/index.html`;
    if (!site.has(index)) site.set(index, { text: listOf(folder, [...site.keys()]) });
  }
  return site;
}

/** A page that lists a folder's files. */
function listOf(folder: string, paths: readonly string[]): string {
  const own = paths.filter((path) => path.startsWith(`${folder}/`));
  const items = own.map((path) => `- [${path}](${relative(folder, path)})`);
  return pageOf(`${folder}/README.md`, `# ${folder}\n\n${items.join('\n')}\n`);
}

/** Where a page of Markdown is in the site: a folder's README is its index. */
const pagePath = (path: string): string =>
  path.replace(/(^|\/)README\.md$/, '$1index.html').replace(/\.md$/, '.html');

function pageOf(path: string, markdown: string): string {
  const home = relative(dirname(pagePath(path)), '.') || '.';
  const marked = new Marked({
    walkTokens(token) {
      if (token.type === 'link' || token.type === 'image') token.href = linkOf(token.href);
    },
    renderer: {
      heading({ tokens, depth }) {
        const text = this.parser.parseInline(tokens);
        return `<h${depth} id="${anchorOf(text)}">${text}</h${depth}>\n`;
      },
    },
  });
  const body = marked.parse(markdown, { async: false });
  const title = /^# (.*)$/m.exec(markdown)?.[1]?.replaceAll(/[`*]/g, '') ?? 'timegrid';
  const navigation = NAVIGATION.map(([name, to]) => `<a href="${home}/${to}">${name}</a>`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'" />
    <title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <nav>${navigation.join('')}</nav>
    <main>${body}</main>
  </body>
</html>
`;
}

/** A link of Markdown as one of the site: to pages rather than to their sources. */
function linkOf(href: string): string {
  if (/^[a-z]+:/.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  if (FOLDERS.includes(path)) return `${path}/index.html`;
  const to = path === 'LICENSE' ? 'LICENSE.txt' : pagePath(path);
  return anchor === undefined ? to : `${to}#${anchor}`;
}

/** The name of a heading, as GitHub makes it. */
const anchorOf = (html: string): string =>
  html
    .replaceAll(/<[^>]*>|&\w+;/g, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
