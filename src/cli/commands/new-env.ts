import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { writeWorld } from '../../scaffold/write.ts';
import { addExamples } from '../examples.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly folder: string;
  readonly js?: boolean;
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument('<name>', 'in lower-case letters, digits and dashes, such as my-world')
    .option('--folder <folder>', 'the folder to write into', '.')
    .option('--js', 'JavaScript instead of TypeScript')
    .action((name: string, options: Options) => terminal.print(run(name, options)));
  addExamples(command, {
    'timegrid new-env my-world': 'MyWorld-v0 in my-world.ts, its test in my-world.test.mjs',
    'timegrid new-env my-world --js --folder worlds': 'in JavaScript, in another folder',
  });
}

function run(name: string, { folder, js }: Options): string {
  const { id, file, test } = writeWorld(name, folder, js ? 'js' : 'ts');
  const path = join(folder, file);
  const place = /^[./]/.test(path) ? path : `./${path}`;
  const install = isTimegridIn(folder)
    ? ''
    : 'ONNXRUNTIME_NODE_INSTALL=skip npm install timegrid && ';
  return `${path} is a small world, ${id}, to start from; ${test} is its test. Next:

  timegrid check ${place}
  timegrid train --env ${place} --frames 3e5 --run runs/${name}
  timegrid evaluate runs/${name} --numbers 1..12
  timegrid watch runs/${name}
  ${install}node --test ${join(folder, test)}`;
}

/** Whether a program in the folder finds this package. */
function isTimegridIn(folder: string): boolean {
  try {
    createRequire(resolve(folder, 'from-here')).resolve('timegrid');
    return true;
  } catch {
    return false;
  }
}
