import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { AGENTS, sitePages } from '../../scripts/site-pages.ts';

const site = sitePages(fileURLToPath(new URL('../..', import.meta.url)));
const pages = [...site].flatMap(([path, content]) =>
  'text' in content ? [[path, content.text] as const] : [],
);

test('the site has the documentation and the reports as pages', () => {
  expect(pages.map(([path]) => path)).toEqual(
    expect.arrayContaining([
      ...['index.html', 'docs/worlds.html', 'docs/record/report.html', 'docs/counter/index.html'],
    ]),
  );
  const home = pages.find(([path]) => path === 'index.html')![1];
  expect(home).toContain('<h2 id="see-it">See it</h2>');
});

test('each link of a page leads to a page or a file of the site, and to a heading that exists', () => {
  const broken = pages.flatMap(([page, html]) =>
    [...html.matchAll(/(?:href|src)="([^"]*)"/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^(?:[a-z]+:|#)/.test(link))
      .filter((link) => {
        const [to, anchor] = link.split('#');
        const path = normalize(join(dirname(page), to!));
        if (path.startsWith(`${AGENTS}/`)) return false;
        const target = site.get(path);
        if (target === undefined) return true;
        const text = 'text' in target ? target.text : readFileSync(target.copy, 'utf8');
        return anchor !== undefined && !text.includes(`id="${anchor}"`);
      })
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test('pages run no scripts, and load nothing from elsewhere', () => {
  for (const [, html] of pages) {
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<img[^>]*src="(?:https?:)?\/\//);
  }
});
