/** Holds the plan of CONTRIBUTING.md: which room may import which, no circles, one name for one type. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = ['env', 'agent', 'src', 'viewer', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/${path}`),
);
const textOf = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

/** Static and dynamic imports of the project's own files, types included. */
function importsOf(file: string): string[] {
  const found = textOf
    .get(file)!
    .matchAll(/(?:from|import|import\()\s*['"](\.{1,2}\/[^'"]+\.ts)['"]/g);
  return [...found].map(([, path]) => normalize(join(dirname(file), path!)));
}

/** `src/play` of `src/play/player.ts`, `env` of `env/vector.ts`. */
function roomOf(file: string): string {
  const [top, room, more] = file.split('/');
  if (top !== 'src') return top!;
  return more === undefined ? 'src' : `src/${room}`;
}

const BASE = ['env', 'agent', 'src/common', 'src/run', 'src/plugins'];
/** What each room may import besides itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  env: [],
  agent: [],
  'src/common': ['env', 'agent'],
  'src/plugins': ['env', 'agent', 'src/common'],
  'src/run': ['env', 'agent', 'src/common', 'src/plugins'],
  'src/play': BASE,
  'src/train': BASE,
  'src/export': [...BASE, 'src/play'],
  'src/check': BASE,
  'src/scaffold': BASE,
  'src/evaluate': [...BASE, 'src/play'],
  'src/explain': [...BASE, 'src/play', 'src/evaluate'],
  'src/study': [...BASE, 'src/play', 'src/evaluate', 'src/train', 'src/render'],
  'src/numeracy': [...BASE, 'src/evaluate', 'src/study', 'src/render'],
  'src/queue': [...BASE, 'src/evaluate', 'src/train', 'src/study'],
  'src/bench': [...BASE, 'src/train'],
  'src/render': [...BASE, 'src/evaluate', 'src/explain', 'src/check', 'src/bench'],
  'src/watch': [...BASE, 'src/play', 'src/evaluate'],
  'src/server': [...BASE, 'src/play', 'src/evaluate', 'src/watch'],
  'src/page': [...BASE, 'src/play', 'src/evaluate', 'src/train', 'src/watch', 'src/server'],
};

/** What the page takes from the program: both wires' messages, and what both must decide alike. */
const SHARED_WITH_PAGE = [
  'src/watch/protocol.ts',
  'src/watch/wire-picture.ts',
  'src/watch/opening-number.ts',
  'src/evaluate/statistics.ts',
  'src/page/browser/posted.ts',
  'src/page/browser/training-messages.ts',
  'src/render/palette.ts',
];

describe('the rooms', () => {
  test.each(Object.entries(ARROWS))('%s imports only what it may', (room, allowed) => {
    const forbidden = files
      .filter((file) => roomOf(file) === room)
      .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })))
      .filter(({ imported }) => ![room, ...allowed].includes(roomOf(imported)))
      .map(({ file, imported }) => `${file} → ${imported}`);
    expect(forbidden).toEqual([]);
  });

  test('the page takes what it has in common with the program from few files', () => {
    const forbidden = files
      .filter((file) => roomOf(file) === 'viewer')
      .flatMap((file) => importsOf(file).filter((imported) => roomOf(imported) !== 'viewer'))
      .filter((file) => !SHARED_WITH_PAGE.includes(file));
    expect(forbidden).toEqual([]);
  });
});

/** All that a browser is sent: the thread of pages that need no server, and what it imports. */
function sentToBrowsers(): string[] {
  const sent = new Set<string>();
  const visit = (file: string): void => {
    if (sent.has(file)) return;
    sent.add(file);
    const code = textOf.get(file)!.replaceAll(/^(?:import|export) type [^;]*;/gm, '');
    for (const [, path] of code.matchAll(/(?:from|import\()\s*['"](\.[^'"]+\.ts)['"]/g)) {
      visit(normalize(join(dirname(file), path!)));
    }
  };
  for (const script of ['worker', 'offline']) visit(`src/page/browser/${script}.ts`);
  return [...sent];
}

/** What loads an engine that browsers do not have. */
const NATIVE = [
  'agent/engines/onnx.ts',
  'agent/engines/tensorflow.ts',
  'agent/engines/telemetry.ts',
];

test('what a browser is sent needs nothing of Node', () => {
  const files = sentToBrowsers();
  expect(files).toEqual(
    expect.arrayContaining([
      ...['env/worlds/timed-grid.ts', 'agent/actor.ts', 'src/play/act.ts'],
      ...['src/watch/connection.ts', 'src/watch/live-source.ts'],
      ...['src/train/trainer.ts', 'src/train/logbook.ts', 'agent/compiler/onnx.ts'],
    ]),
  );
  const using = files
    .filter((file) => !NATIVE.includes(file))
    .filter((file) => {
      const code = textOf.get(file)!.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      return /['"]node:|\bBuffer\b|\bprocess\.|\bsetImmediate\b|\.unref\b|\b__dirname\b/.test(code);
    });
  expect(using).toEqual([]);
});

test('no file imports itself by way of others', () => {
  const state = new Map<string, 'open' | 'done'>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    for (const imported of importsOf(file)) {
      if (textOf.has(imported)) visit(imported, [...path, file]);
    }
    state.set(file, 'done');
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test('no two files export a type of the same name', () => {
  const homes = new Map<string, string[]>();
  for (const [file, text] of textOf) {
    for (const [, name] of text.matchAll(
      /^export (?:abstract )?(?:interface|type|class) (\w+)/gm,
    )) {
      homes.set(name!, [...(homes.get(name!) ?? []), file]);
    }
  }
  const shared = [...homes].filter(([, where]) => where.length > 1);
  expect(shared.map(([name, where]) => `${name}: ${where.join(', ')}`)).toEqual([]);
});

test('file names are in kebab-case', () => {
  const others = files.filter(
    (file) => !/^[a-z0-9/-]+(\.d|\.vite\.config|\.config)?\.ts$/.test(file),
  );
  expect(others).toEqual([]);
});

/** What reads no data from outside, or not as a file: the system's own files, and what this program writes itself. */
const OWN_READERS = [
  'src/common/parse-json.ts',
  'src/common/read-file.ts',
  'src/run/appended-file.ts',
  'src/bench/training-process.ts',
  'src/bench/training.ts',
  'src/plugins/hooks.ts',
  'src/study/same-training.ts',
];

test('files and JSON from outside are read in src/common alone', () => {
  const reading = /\bJSON\.parse\b|\breadFile(Sync)?\b|\breadSync\b|\bcreateReadStream\b/;
  const others = [...textOf].filter(
    ([file, text]) => file.startsWith('src/') && !OWN_READERS.includes(file) && reading.test(text),
  );
  expect(others.map(([file]) => file)).toEqual([]);
});

test('tests that mock a module have a process of their own', () => {
  const mocking = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter(
    (path) =>
      path.endsWith('.test.ts') &&
      !/\.(isolated|long)\.test\.ts$/.test(path) &&
      /\bvi\.(do)?[mM]ock\(/.test(readFileSync(join(root, 'test', path), 'utf8')),
  );
  expect(mocking).toEqual([]);
});
