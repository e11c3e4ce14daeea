import fs from 'node:fs';
import { expect, test } from 'vitest';

const file = (path: string) => new URL(`../../${path}`, import.meta.url);

test('each promise of SECURITY.md names tests, which exist', () => {
  const rows = fs.readFileSync(file('SECURITY.md'), 'utf8').match(/^\| .* \|$/gm) ?? [];
  const promises = rows.filter((row) => !row.endsWith('| Test |'));
  expect(promises.length).toBeGreaterThan(10);
  for (const promise of promises) {
    const [, last = ''] = /\| ([^|]*) \|$/.exec(promise) ?? [];
    const named = [...last.matchAll(/`([\w/-]+)`/g)].map(([, name]) => name!);
    expect(named, promise).not.toEqual([]);
    for (const name of named) {
      const paths = [`test/${name}.test.ts`, `test/${name}.long.test.ts`];
      expect(
        paths.some((path) => fs.existsSync(file(path))),
        name,
      ).toBe(true);
    }
  }
});
