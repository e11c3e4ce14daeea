import { expect, test } from 'vitest';
import { printed } from './process.ts';

test('importing the learner prints nothing', async () => {
  expect(await printed(`await import('./dist/agent/index.js')`)).toEqual({
    stdout: '',
    stderr: '',
  });
});

test('no engine prints anything when it is listed, loaded, compiled for or run', async () => {
  const script = `
    const agent = await import('./dist/agent/index.js');
    const config = agent.parseConfig({
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
