import fs from 'node:fs';
import { join } from 'node:path';
import { specs } from '../../env/index.ts';
import { reportingSystemErrors, UsageError } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { TEST, WORLD } from './world.ts';

/** A world that was written. */
export interface WrittenWorld {
  readonly id: string;
  /** Its file and its test, names within the folder. */
  readonly file: string;
  readonly test: string;
}

/**
 * Writes a small, complete world and its test.
 * @param name lower-case letters, digits and dashes: `my-world` is MyWorld-v0 in my-world.ts
 * @param folder made where it is missing
 * @throws UsageError for another kind of name, one that is taken, and files that are there already; Failure where the disk refuses
 */
export function writeWorld(name: string, folder: string, language: 'ts' | 'js'): WrittenWorld {
  const id = idOf(name);
  const written = { id, file: `${name}.${language}`, test: `${name}.test.mjs` };
  for (const file of [written.file, written.test]) {
    const path = join(folder, file);
    if (fs.existsSync(path)) {
      throw new UsageError(`${path} already exists and is left as it is; choose another name`);
    }
  }
  makeFolder(folder);
  reportingSystemErrors('write to', folder, () => {
    const write = (file: string, text: string): void =>
      fs.writeFileSync(join(folder, file), text, { flag: 'wx' });
    write(written.file, filled(inLanguage(WORLD, language), written));
    write(written.test, filled(TEST, written));
  });
  return written;
}

/** @throws UsageError unless it makes the name of a file and the id of a new world */
function idOf(name: string): string {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    const right = name
      .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
      .toLowerCase()
      .replace(/(-v\d+)?(\.\w+)?$/, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-$/g, '');
    throw new UsageError(
      `a world's file is named in lower-case letters, digits and dashes, such as ${right.length > 2 ? right : 'my-world'}, not "${name}"`,
    );
  }
  const id = `${name.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase())}-v0`;
  if (specs().some((spec) => spec.id === id)) {
    throw new UsageError(`${id} comes with timegrid already; choose another name than ${name}`);
  }
  return id;
}

/** Takes the marks off, and in JavaScript what is between them. */
function inLanguage(text: string, language: 'ts' | 'js'): string {
  return text.replace(/«([^»]*)»/g, language === 'ts' ? '$1' : '');
}

function filled(text: string, world: WrittenWorld): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, key: keyof WrittenWorld) => world[key]);
}
