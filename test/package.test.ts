import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));
/** What a fresh checkout lacks; linked or made anew. */
const leftBehind = new Set(['.git', 'node_modules', 'dist', 'runs']);
const execute = promisify(execFile);

let folder: string;
let user: string;
let packed: string[];

/** Runs a program in the user's folder and returns what it prints. */
async function inUsersFolder(file: string, ...args: string[]): Promise<string> {
  return (await execute(file, args, { cwd: user })).stdout;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'timegrid-package-'));
  const checkout = join(folder, 'checkout');
  cpSync(root, checkout, { recursive: true, filter: (path) => !leftBehind.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  const { stdout } = await execute(
    'npm',
    ['pack', '--json', '--silent', '--ignore-scripts=false', `--pack-destination=${folder}`],
    {
      cwd: checkout,
    },
  );
  const [{ filename, files }] = JSON.parse(stdout);
  packed = files.map(({ path }: { path: string }) => path);

  user = join(folder, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "private": true, "type": "module" }');
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await inUsersFolder('npm', 'install', ...flags, join(folder, filename));
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package', () => {
  test('holds the compiled sources with their types, the page, the studies and the trained agents, and nothing else', () => {
    expect(packed).toEqual(expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'package.json']));
    const page = packed.filter((path) => path.startsWith('dist/viewer/'));
    expect(page).toContain('dist/viewer/index.html');
    const studies = packed.filter((path) => path.startsWith('studies/'));
    expect(studies).toContain('studies/record.json');
    expect(studies).toContain('studies/trained/nac-clock/run.json');
    const others = [...page, ...studies];
    const compiled = packed.filter((path) => path.includes('/') && !others.includes(path));
    const papers = packed.filter((path) => !path.includes('/'));
    for (const path of papers) {
      expect(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']).toContain(path);
    }
    for (const path of compiled) {
      const match = /^dist\/((?:env|agent|src)\/.+)\.(?:d\.ts|js)$/.exec(path);
      expect(match, `${path} is no compiled source`).not.toBeNull();
      expect(existsSync(join(root, `${match![1]}.ts`)), `${path} has no source`).toBe(true);
      expect(path).not.toMatch(/\.test\./);
    }
    for (const entry of Object.values(packageJson.exports)) {
      for (const path of typeof entry === 'string' ? [entry] : Object.values(entry)) {
        expect(packed).toContain(path.replace(/^\.\//, ''));
      }
    }
  });

  test('gives its user a command', async () => {
    expect(await inUsersFolder('npx', 'timegrid', '--version')).toBe(`${packageJson.version}\n`);
    const worlds = JSON.parse(await inUsersFolder('npx', 'timegrid', 'envs', '--json'));
    expect(worlds).toContainEqual(expect.objectContaining({ id: 'TimedGrid-v0' }));
  });

  test('gives a program its worlds', async () => {
    writeFileSync(
      join(user, 'walk.js'),
      `import { make } from 'timegrid/env';
       const world = make('TimedGrid-v0', { size: 3 });
       world.reset({ seed: 1, options: { time: 4 } });
       const { observation, reward, terminated, truncated } = world.step(4);
       console.log(JSON.stringify([observation.pixels.length, observation.instruction[0], reward, terminated, truncated]));`,
    );
    const result = JSON.parse(await inUsersFolder(process.execPath, 'walk.js'));
    expect(result).toEqual([56 * 56 * 3, 4, 0, false, false]);
  });

  test('gives a program its agent and its program', async () => {
    writeFileSync(
      join(user, 'import.js'),
      `const names = {};
       for (const entry of ['timegrid', 'timegrid/agent']) names[entry] = Object.keys(await import(entry));
       console.log(JSON.stringify(names));`,
    );
    const names = JSON.parse(await inUsersFolder(process.execPath, 'import.js'));
    for (const entry of ['timegrid', 'timegrid/agent']) expect(names[entry]).not.toEqual([]);
  });

  test('has types for its worlds that stand the strictest check', async () => {
    writeFileSync(
      join(user, 'world.ts'),
      `import { type Env, make, type StepResult } from 'timegrid/env';
       const world: Env = make('TimedGrid-v0');
       world.reset({ seed: 1 });
       const result: StepResult = world.step(0);
       const pixels: Uint8Array = result.observation.pixels;
       // @ts-expect-error an action is a number
       world.step('up');
       export const length: number = pixels.length;`,
    );
    expect(await compile('world.ts')).toBe('');
  });

  test("has types for its agent and program, as far as TensorFlow.js's own allow", async () => {
    writeFileSync(
      join(user, 'agent.ts'),
      `import { type AgentConfig, agentConfigSchema } from 'timegrid/agent';
       import { UsageError, VERSION } from 'timegrid';
       const config: AgentConfig = agentConfigSchema.parse({ pathway: 'nac' });
       // @ts-expect-error the units of the LSTM are a number
       const units: string = config.lstm;
       // @ts-expect-error there is no such name
       import { nothing } from 'timegrid/agent';
       const version: string = VERSION;
       export { nothing, units, UsageError, version };`,
    );
    expect(await compile('--skipLibCheck', 'agent.ts')).toBe('');
  });
});

/** What the compiler finds wrong with a file in the user's folder. */
async function compile(...args: string[]): Promise<string> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
  const compiling = inUsersFolder(process.execPath, compiler, ...options, ...args);
  return compiling.catch(({ stdout }: { stdout: string }) => stdout);
}
