// A plugin of Vite: writes the licences of the packages that a bundle holds beside it, as they ask for.
import fs from 'node:fs';
import { join } from 'node:path';

/** @param fileName of the text in the bundle's folder */
export const licences = (fileName) => ({
  name: 'licences',
  generateBundle(_, bundle) {
    const folders = new Set();
    for (const chunk of Object.values(bundle)) {
      for (const id of chunk.moduleIds ?? []) {
        const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replace(/^\0/, '')) ?? [];
        if (folder) folders.add(folder);
      }
    }
    const source = [...folders].sort().map(textOf).join('\n\n');
    this.emitFile({ type: 'asset', fileName, source });
  },
});

function textOf(folder) {
  const { name, version, license } = JSON.parse(
    fs.readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const file = fs.readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file ? fs.readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version}\n\n${text}`;
}
