import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { execute, printed, root } from './process.ts';

test('the learner is imported without a word', async () => {
  expect(await printed(`await import('./dist/agent/index.js')`)).toEqual({
    stdout: '',
    stderr: '',
  });
});

test('no engine prints anything, be it asked for, refused, compiled for or run', async () => {
  const script = `
    const agent = await import('./dist/agent/index.js');
    const config = agent.agentConfigSchema.parse({
      convolutions: [{ filters: 2, size: 2, stride: 1 }], dense: 2, lstm: 2, nacWidth: 2, steps: 2,
    });
    const world = { height: 3, width: 3, channels: 1, instruction: 1, actions: 2 };
    const { network, encode } = agent.programsFor({ config, world });
    const vector = new Float32Array(network.layout.size);
    agent.initialise(network.parameters, 1, vector);
    const feeds = { ...agent.views(network.layout, vector), pixels: new Uint8Array(9) };
    for (const name of await agent.availableEngines()) {
      const engine = await agent.loadEngine(name);
      const program = engine.kind === 'eager' ? encode() : agent.compile(encode());
      const { drive } = await (await engine.load(program)).run(feeds);
      if (drive.length !== 8) throw new Error(name);
    }`;
  expect(await printed(script)).toEqual({ stdout: '', stderr: '' });
});

test('its types are right where the optional package of TensorFlow is absent', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'timegrid-types-'));
  try {
    cpSync(join(root, 'agent'), join(folder, 'agent'), { recursive: true });
    for (const file of ['tsconfig.json', 'package.json'])
      cpSync(join(root, file), join(folder, file));
    const scope = '@tensorflow';
    mkdirSync(join(folder, 'node_modules', scope), { recursive: true });
    const modules = [
      ...readdirSync(join(root, 'node_modules')).filter((name) => name !== scope),
      ...readdirSync(join(root, 'node_modules', scope)).map((name) => join(scope, name)),
    ];
    for (const name of modules.filter((name) => !name.endsWith('tfjs-node'))) {
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    }
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    await execute(process.execPath, [compiler, '--noEmit', '-p', folder]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
