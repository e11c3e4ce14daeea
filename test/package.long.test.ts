import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { type Installed, packAndInstall, sizeOf } from '../scripts/install-size.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const execute = promisify(execFile);

let folder: string;
let installed: Installed;

/** Runs a program in the user's folder and returns what it prints. */
const inUsersFolder = async (file: string, ...args: string[]): Promise<string> =>
  (await execute(file, args, { cwd: installed.user })).stdout;

/** What a program in the user's folder prints as JSON. */
async function run(code: string): Promise<unknown> {
  writeFileSync(join(installed.user, 'program.js'), code);
  return JSON.parse(await inUsersFolder(process.execPath, 'program.js'));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timegrid-package-'));
  installed = packAndInstall(root, folder);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package', () => {
  test('holds what is compiled from the sources, what ships as it is, and nothing else', () => {
    const { packed } = installed;
    const shipped =
      /^(?:studies\/.*|vendor\/fonts\/.*|vendor\/(?:tensorflow|platform)\/LICENSE\.txt|docs\/.*\.(?:md|png)|examples\/(?:many-machines\/)?[\w-]+\.(?:js|sh|yaml))$/;
    const papers =
      /^(?:(?:CHANGELOG|CONTRIBUTING|README|SECURITY)\.md|CITATION\.cff|LICENSE|package\.json)$/;
    for (const path of packed.filter((path) => !path.startsWith('dist/'))) {
      expect(path).toMatch(path.includes('/') ? shipped : papers);
    }
    const compiled = packed.filter((path) => /^dist\/(?!viewer|vendor|page)/.test(path));
    for (const path of compiled) {
      const match = /^dist\/((?:env|agent|src)\/.+)\.(?:d\.ts|js)$/.exec(path);
      expect(match, `${path} is no compiled source`).not.toBeNull();
      expect(existsSync(join(root, `${match![1]}.ts`)), `${path} has no source`).toBe(true);
    }
    expect(packed).toEqual(
      expect.arrayContaining([
        ...['LICENSE', 'CHANGELOG.md', 'CITATION.cff', 'SECURITY.md', 'dist/viewer/index.html'],
        ...['docs/write-a-world.md', 'docs/record/report.md', 'examples/act-in-a-world.js'],
        ...['studies/record.json', 'studies/trained/nac-clock/run.json'],
        ...['vendor/fonts/LICENSE-inter.txt', 'vendor/tensorflow/LICENSE.txt'],
      ]),
    );
    for (const entry of Object.values(packageJson.exports)) {
      for (const path of typeof entry === 'string' ? [entry] : Object.values(entry)) {
        expect(packed).toContain(path.replace(/^\.\//, ''));
      }
    }
  });

  test('has pages whose links lead to files of the package, and to headings that exist', () => {
    const { packed } = installed;
    const text = (page: string) => readFileSync(join(root, page), 'utf8');
    const anchors = (page: string) =>
      [...text(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
        heading!
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N} -]/gu, '')
          .replaceAll(' ', '-'),
      );
    const holds = (path: string) =>
      packed.some((file) => file === path || file.startsWith(`${path}/`));
    const pages = packed.filter((path) => path.endsWith('.md'));
    expect(pages).toContain('docs/ablations/README.md');
    const broken = pages.flatMap((page) => {
      const links = text(page).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g);
      return [...links]
        .map(([, link, source]) => (link ?? source)!)
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => {
          const [path, anchor] = link.split('#') as [string, string?];
          const file = path === '' ? page : join(dirname(page), path);
          return !holds(file) || (anchor !== undefined && !anchors(file).includes(anchor));
        })
        .map((link) => `${page}: ${link}`);
    });
    expect(broken).toEqual([]);
  });

  test('is cited by its version and its licence', () => {
    const citation = readFileSync(join(root, 'CITATION.cff'), 'utf8');
    expect(citation).toMatch(/^cff-version: 1\.2\.0$/m);
    expect(citation).toContain(`\nversion: ${packageJson.version}\n`);
    expect(citation).toContain(`\nlicense: ${packageJson.license}\n`);
    expect(citation).toContain(`\nauthors:\n  - name: ${packageJson.author}\n`);
  });

  test('says what to install for a queue, which has its client only where it is used', async () => {
    const program = join(installed.user, 'node_modules', '.bin', 'timegrid');
    await expect(inUsersFolder(program, 'worker', 'redis://localhost')).rejects.toMatchObject({
      code: 2,
      stderr:
        'timegrid: a queue needs BullMQ and its client of Redis, which are installed only where they are used: npm install bullmq ioredis\n',
    });
  });

  test('weighs at most 380 MiB with all that it needs', () => {
    const modules = join(installed.user, 'node_modules');
    expect(existsSync(join(modules, '@tensorflow'))).toBe(false);
    expect(sizeOf(modules)).toBeLessThanOrEqual(380);
  });

  test.each([
    ['publint', 'publint', 'run', '--strict'],
    ['Are the types wrong?', 'attw', '--profile', 'esm-only'],
  ])('passes %s', async (_, command, ...args) => {
    const bin = join(root, 'node_modules/.bin', command);
    const failure = await inUsersFolder(bin, ...args, installed.archive).catch(
      ({ stdout }: { stdout: string }) => new Error(stdout),
    );
    expect(failure).not.toBeInstanceOf(Error);
  });

  test('gives its user a command', async () => {
    expect(await inUsersFolder('npx', 'timegrid', '--version')).toBe(`${packageJson.version}\n`);
    const worlds = JSON.parse(await inUsersFolder('npx', 'timegrid', 'envs', '--json'));
    expect(worlds).toContainEqual(expect.objectContaining({ id: 'TimedGrid-v0' }));
  });

  test('gives a program its worlds', async () => {
    expect(
      await run(`
        import { make } from 'timegrid/env';
        const world = make('TimedGrid-v0', { size: 3 });
        world.reset({ seed: 1, options: { time: 4 } });
        const { observation, reward, terminated, truncated } = world.step(4);
        console.log(JSON.stringify([observation.pixels.length, observation.instruction[0], reward, terminated, truncated]));`),
    ).toEqual([56 * 56 * 3, 4, 0, false, false]);
  });

  test('gives a program its agent, TensorFlow.js and the program itself', async () => {
    expect(
      await run(`
        import * as program from 'timegrid';
        import { compile, loadEngine, tf } from 'timegrid/agent';
        const engine = await loadEngine('onnx');
        const runner = await engine.load(compile({
          name: 'example',
          inputs: { x: { shape: ['N'], dtype: 'float32' } },
          outputs: ['gradient'],
          run: ({ x }) => ({ gradient: tf.grad((x) => x.square().sum())(x) }),
        }));
        const { gradient } = await runner.run({ x: Float32Array.of(1, -2) });
        console.log(JSON.stringify([[...gradient], Object.keys(program).length > 0]));`),
    ).toEqual([[2, -4], true]);
  });

  test('draws with the fonts that it brings', async () => {
    expect(
      await run(`
        import { rasterise } from './node_modules/timegrid/dist/src/render/draw-spec.js';
        const picture = (weight) => rasterise(
          '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">' +
          '<text y="15" font-family="Inter" font-weight="' + weight + '">time</text></svg>');
        const blank = rasterise('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>');
        const [regular, bold] = [picture(400), picture(600)];
        console.log(JSON.stringify([regular.equals(blank), bold.equals(regular)]));`),
    ).toEqual([false, false]);
  });
});

describe('its types stand the strictest check', () => {
  /** What the compiler finds wrong with a file in the user's folder, declarations included. */
  async function compile(file: string, code: string, ...options: string[]): Promise<string> {
    writeFileSync(join(installed.user, file), code);
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const strict = ['--noEmit', '--strict', '--target', 'es2023', '--skipLibCheck', 'false'];
    return inUsersFolder(process.execPath, compiler, ...strict, ...options, file).catch(
      ({ stdout }: { stdout: string }) => stdout,
    );
  }
  const nodenext = ['--module', 'nodenext'];

  test('of its worlds', async () => {
    const code = `
      import { type Env, make, type StepResult } from 'timegrid/env';
      const world: Env = make('TimedGrid-v0');
      world.reset({ seed: 1 });
      const result: StepResult = world.step(0);
      const pixels: Uint8Array = result.observation.pixels;
      import { checkEnv } from 'timegrid/env/conformance';
      export const check: typeof checkEnv = checkEnv;
      // @ts-expect-error an action is a number
      world.step('up');
      export const length: number = pixels.length;`;
    expect(await compile('world.ts', code, ...nodenext)).toBe('');
  });

  const agent = `
    import { type AgentConfig, parseConfig, tf } from 'timegrid/agent';
    const config: AgentConfig = parseConfig({ pathway: 'nac' });
    // @ts-expect-error the units of the LSTM are a number
    const units: string = config.lstm;
    // @ts-expect-error there is no such name
    import { nothing } from 'timegrid/agent';
    const sines: tf.Tensor2D = tf.tensor2d([[1, 2]]).sin();
    // @ts-expect-error a tensor is not a number
    const total: number = tf.sum(sines);
    export { nothing, units, total };`;

  test('of its agent and of TensorFlow.js, in a browser’s library', async () => {
    expect(await compile('agent.ts', agent, ...nodenext)).toBe('');
  });

  test('of the program, without the types of Node', async () => {
    const code = `
      import { evaluate, explain, loadAgent, study, train } from 'timegrid';
      export const all = [evaluate, explain, loadAgent, study, train];`;
    expect(await compile('program.ts', code, ...nodenext)).toBe('');
  });

  test('of the program, with the types of Node alone, for a bundler too', async () => {
    const types = join(installed.user, 'node_modules/@types');
    mkdirSync(types, { recursive: true });
    symlinkSync(join(root, 'node_modules/@types/node'), join(types, 'node'));
    const code = `${agent}
      import { UsageError, VERSION } from 'timegrid';
      const version: string = VERSION;
      export { UsageError, version };`;
    const node = ['--types', 'node', '--lib', 'es2023'];
    expect(await compile('program.ts', code, ...node, ...nodenext)).toBe('');
    const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler'];
    expect(await compile('program.ts', code, ...node, ...bundler)).toBe('');
  });
});
