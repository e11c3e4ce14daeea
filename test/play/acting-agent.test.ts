import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { agentLoader } from '../../src/play/agent-loader.ts';
import { saveRun } from '../evaluate/saved-run.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const small = { size: 3, pixels: 12 };

test.each([
  ['nac-clock', 'TimedGrid-v0', ['t', 'n1'], [7], 4],
  ['nalu-clock', 'TimedGrid-v0', ['t', 'n1'], [7], 4],
  ['nalu', 'TimedGrid-v0', ['t', '1', 'n1', 'n2', 'n3'], [7], 3],
  ['cell-clock', 'PacedGrid-v0', ['m1', 'n1'], [3, 4], 4],
] as const)(
  'the page gets the weights and the outputs of the last cell of %s',
  async (pathway, env, inputs, told, count) => {
    const run = join(folder, pathway);
    saveRun(run, { config: { pathway }, env, envOptions: small });
    const agent = await agentLoader(run, 'last', 'onnx', {}).load();
    expect(agent.nac).toMatchObject({ inputs, outputs: 3 });
    expect(agent.nac!.weights).toHaveLength(inputs.length * 3);
    const state = new Float32Array(agent.stateSize).fill(2);
    const numbers = agent.accumulated(state, Float32Array.from(told));
    expect(numbers).toHaveLength(count);
    expect(numbers.every(Number.isFinite)).toBe(true);
    if (count > 3) expect(numbers[3]).toBe(2);
  },
);
