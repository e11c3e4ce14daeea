/** Names that somebody else has chosen reach neither the terminal nor a report as they are. */

import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';
import { Terminal } from '../../src/cli/terminal.ts';
import { summarise } from '../../src/evaluate/summary.ts';
import { rasterise } from '../../src/render/draw-spec.ts';
import { formatMarkdownTable, formatTable } from '../../src/render/evaluation-table.ts';
import { drawNumberFigure } from '../../src/render/number-figure.ts';
import { saveRun } from '../evaluate/saved-run.ts';
import { smallPathway, smallWorld, write } from '../plugins/files.ts';
import { makeEvaluations } from '../render/evaluations.ts';
import { rewrite } from '../run/forge.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { timegrid } from './timegrid.ts';

/** Sets the window's title, clears the screen, goes back in the line, colours (C1 and C0), and turns the text around. */
const EVIL = '\x1b]0;owned\x07\x1b[2J\rx\x9b31m\x1b[31m\u202egnp\u2066\x7f';
const RAW = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;
/** As source text has it in a string. */
const LITERAL = JSON.stringify(EVIL).slice(1, -1);

const ESC = '\x1b';

class Screen {
  readonly isTTY = true;
  readonly columns = 200;
  text = '';
  hasColors = () => true;
  write(text: string): void {
    this.text += text;
  }
}

/** What a command writes, which must have the name in it, quoted. */
async function shown(args: readonly string[]) {
  const outcome = await timegrid(args);
  const text = outcome.stdout + outcome.stderr;
  expect(text.replaceAll('\n', '')).not.toMatch(RAW);
  expect(text).toContain('\\u001b]0;owned\\u0007');
  return { ...outcome, text };
}

test.each<[string, ...string[]]>([
  [EVIL],
  ['train', `--${EVIL}`],
  ['train', '--preset', EVIL],
  ['train', '--frames', EVIL],
  ['train', '--set', EVIL],
  ['train', '--set', `${EVIL}=1`],
  ['train', '--set', `pathway=${EVIL}`],
  ['train', '--set', `lstm=${EVIL}`],
  ['train', '--set', `optimizer=${EVIL}`],
  ['train', '--env-option', `${EVIL}=1`],
  ['train', '--env-option', `size=${EVIL}`],
  ['train', '--agent', EVIL],
  ['train', '--agent', `./${EVIL}.ts`],
  ['train', '--env', EVIL],
  ['train', '--env', `./${EVIL}.ts`],
  ['train', '--env', `${EVIL}#World`],
  ['train', '--run', `/dev/null/${EVIL}`, '--threads', '1'],
  ['train', '--run', EVIL, '--resume'],
  ['study', EVIL],
  ['study', '--agents', EVIL],
  ['evaluate', EVIL],
  ['evaluate', 'x', '--numbers', EVIL],
  ['evaluate', 'x', '--figure', EVIL],
  ['explain', EVIL],
  ['watch', EVIL],
  ['watch', EVIL, '--verify'],
  ['envs', EVIL],
  ['agents', EVIL],
  ['new-env', EVIL],
  ['check', EVIL],
  ['export', EVIL, '--run', 'y'],
  ['verify', EVIL],
  ['bench', EVIL],
  ['bench', 'worlds', '--env', EVIL],
])('a command line: %j', async (...args) => {
  const { stdout, stderr, exitCode } = await shown(args);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^timegrid: .+\n$/);
  expect(exitCode).toBeGreaterThan(0);
});

describe('a run', () => {
  const small = ['--numbers', '2,3', '--episodes', '1', '--threads', '1'];

  test('in a folder of such a name', async () => {
    const folder = temporaryFolder();
    const run = join(folder, `1${EVIL}\n`);
    saveRun(run);
    const { stdout } = await shown(['evaluate', run, ...small, '--json']);
    expect(JSON.parse(stdout).evaluations[0].run).toBe(run);
    const explained = await shown(['explain', run, ...small, '--up-to', '5']);
    expect(explained.stdout).toMatch(/^.*1\\u001b\]0;.*\\n: nac, seed 1/);
    await shown(['export', run, '--onnx', join(folder, `${EVIL}.onnx`)]);
    await shown(['export', run, '--run', join(folder, EVIL)]);
    await shown(['train', '--run', run, '--resume', '--seed', '9']);
    await shown(['evaluate', run, ...small, '--out', join(folder, EVIL, 'no', 'out')]);
  });

  test('whose JSON is broken, or names an agent, a world, an engine or a host so', async () => {
    const path = join(temporaryFolder(), 'run');
    saveRun(path);
    const file = join(path, 'run.json');
    const text = fs.readFileSync(file, 'utf8');
    for (const changed of [
      EVIL,
      text.replace('"nac"', `"${LITERAL}"`),
      text.replace('"TimedGrid-v0"', `"${LITERAL}"`),
      text.replace('"size"', `"${LITERAL}"`),
      text.replace('"format": 2', `"format": "${LITERAL}"`),
    ]) {
      expect(changed).not.toBe(text);
      fs.writeFileSync(file, changed);
      if (changed !== EVIL) rewrite(file, (content) => content);
      const { exitCode, stderr } = await timegrid(['evaluate', path]);
      expect(stderr.replaceAll('\n', '')).not.toMatch(RAW);
      expect(exitCode).toBeGreaterThan(0);
    }
  });
});

test('a study', async () => {
  const path = join(temporaryFolder(), 'study.json');
  const declares = (study: object | string) =>
    fs.writeFileSync(path, typeof study === 'string' ? study : JSON.stringify(study));
  const agent = { agent: 'nac' };
  for (const study of [
    EVIL,
    `{"${EVIL}": 1}`,
    { [EVIL]: 1 },
    { agents: { nac: { [EVIL]: 1 } } },
    { agents: { nac: { agent: EVIL } } },
    { agents: { nac: agent }, seeds: EVIL },
    { agents: { nac: agent }, env: EVIL },
    { agents: { nac: agent }, further: [{ agents: [EVIL], numbers: 5 }] },
  ]) {
    declares(study);
    const { exitCode, stderr } = await timegrid(['study', path]);
    expect(stderr).toMatch(/^timegrid: .+\n$/);
    expect(stderr.replaceAll('\n', '')).not.toMatch(RAW);
    expect(exitCode).toBe(2);
  }
  declares({ agents: { [`a${EVIL}`]: agent } });
  const { stderr } = await shown(['study', path]);
  expect(stderr).toMatch(/the agent ".*" has control characters in its name; leave them out\n$/);
});

describe('code of the user', () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));
  const options = `z.strictObject({ '${LITERAL}': z.string().default('${LITERAL}').describe('${LITERAL}') })`;
  write(folder, {
    'throws.ts': `throw new Error('${LITERAL}')`,
    'syntax.ts': `const ${EVIL}`,
    'id.ts': smallWorld(LITERAL),
    'action.ts': smallWorld('Action-v0').replace("'stay'", `'${LITERAL}'`),
    'lists.ts': smallWorld('Lists-v0')
      .replace('One step.', LITERAL)
      .replaceAll('z.strictObject({})', options),
    'creates.ts': smallWorld('Creates-v0').replace(
      'create() {',
      `create() { throw new Error('${LITERAL}');`,
    ),
    'steps.ts': smallWorld('Steps-v0').replace(
      'step: (_, into) =>',
      `step: (_, into) => { throw new Error('${LITERAL}') },\n      again: (_, into) =>`,
    ),
    'pathway.ts': smallPathway('evil-pathway').replaceAll('number times a factor', LITERAL),
    'pathway-id.ts': smallPathway(LITERAL),
  });
  const file = (name: string): string => join(folder, name);

  test.each(['throws', 'syntax', 'id', 'action', 'creates'])('%s.ts', async (name) => {
    const { stderr, exitCode } = await timegrid(['envs', file(`${name}.ts`)]);
    expect(stderr).toMatch(/^timegrid: .+\n$/);
    expect(stderr.replaceAll('\n', '')).not.toMatch(RAW);
    expect(exitCode).toBe(2);
  });

  test('a world that says so of itself', async () => {
    for (const json of [[], ['--json']]) {
      const { exitCode } = await shown(['envs', file('lists.ts'), ...json]);
      expect(exitCode).toBe(0);
    }
  });

  test('a world that throws so while it trains', async () => {
    const run = ['--run', file('run'), '--threads', '1', '--set', 'steps=2', 'worlds=1'];
    const { exitCode } = await shown(['train', '--env', file('steps.ts'), ...run]);
    expect(exitCode).toBe(1);
  });

  test('a pathway', async () => {
    expect((await shown(['agents', file('pathway.ts')])).exitCode).toBe(0);
    expect((await shown(['agents', file('pathway-id.ts')])).exitCode).toBe(2);
  });
});

test('a replay', async () => {
  const path = join(temporaryFolder(), 'replay.json');
  const pane = { name: EVIL, run: null, start: 0, actions: [0], rewards: [0], pictures: [0] };
  const world = { id: 'TimedGrid-v0', options: {} };
  const replay = {
    ...{ format: 'timegrid-replay', version: 1, number: 5, seed: 0, policy: 'greedy' },
    ...{ world, panes: [pane] },
  };
  for (const changed of [
    replay,
    { ...replay, world: { ...world, id: EVIL } },
    { ...replay, world: { ...world, options: { [EVIL]: 1 } } },
    { ...replay, version: EVIL },
    { ...replay, [EVIL]: 1 },
  ]) {
    fs.writeFileSync(path, JSON.stringify(changed));
    const { stdout, stderr, exitCode } = await timegrid(['watch', path, '--verify']);
    expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(RAW);
    expect(exitCode).toBeGreaterThan(0);
  }
});

describe('tables and figures', () => {
  const summary = summarise(makeEvaluations([`a${EVIL}\n`, 'nac'], [1, 2], [5, 20]));
  const styles = new RegExp(`${ESC}\\[(1|2|22|32|39)m`, 'g');

  test('on a terminal, whose colours are our own', () => {
    const [stdout, stderr] = [new Screen(), new Screen()];
    const terminal = new Terminal({ stdout, stderr, on() {}, off() {} }, []);
    terminal.printStyled(formatTable(summary, terminal.table));
    const [heading] = stdout.text.split('\n');
    expect(heading?.split('│')).toHaveLength(3);
    expect(heading).toContain('\x1b[1ma\\u001b]0;owned');
    expect(stdout.text.replace(styles, '').replaceAll('\n', '')).not.toMatch(RAW);
    terminal.print(`${EVIL}\x1b[1m`);
    expect(stdout.text.split('\n').at(-2)).not.toMatch(RAW);
  });

  test('of how far a training is', () => {
    const stream = new Screen();
    const progress = createProgress(stream, { logParts: 4, now: () => 0 });
    progress.update(`${EVIL}\n`, 0, [EVIL]);
    progress.note(EVIL);
    progress.finish(`${EVIL}\n`, EVIL);
    const ours = new RegExp(`${ESC}\\[((1|22)m|J|\\d+A\r)`, 'g');
    expect(stream.text.replace(ours, '').replaceAll('\n', '')).not.toMatch(RAW);
    expect(stream.text).toContain('\x1b[1A\r\x1b[J');
  });

  test('in Markdown and in a picture', async () => {
    const table = formatMarkdownTable(summary);
    expect(table.replaceAll('\n', '')).not.toMatch(RAW);
    expect(table.split('\n')[0]).toMatch(/^\| t \| a\\u001b.*\|$/);
    const svg = await drawNumberFigure(summary);
    expect(svg.replaceAll('\n', '')).not.toMatch(RAW);
    expect(svg).toContain('\\u001b]0;owned');
    expect(rasterise(svg).toString('latin1', 1, 4)).toBe('PNG');
  });
});

test('nothing else writes to the terminal', () => {
  const root = new URL('../../src/', import.meta.url);
  const writers = fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) =>
      /\b(stdout|stderr)\.write\(|console\.\w/.test(fs.readFileSync(new URL(name, root), 'utf8')),
    )
    .sort();
  expect(writers).toEqual([
    'bench/training-process.ts',
    'cli/commands/check.ts',
    'cli/main.ts',
    'cli/terminal.ts',
    'cli/timegrid.ts',
    'common/worker-client.ts',
  ]);
});
