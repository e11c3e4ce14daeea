import { describe, expect, test, vi } from 'vitest';
import { ENGINES, EngineUnavailable } from '../../../agent/engines/engine.ts';
import { availableEngines, loadEngine } from '../../../agent/engines/index.ts';
import { printed } from '../process.ts';

// A library that loads, but cannot compute, as TensorFlow's on Node 23 and later.
vi.mock('@tensorflow/tfjs-node', async () => {
  const tf = await import('../../../agent/tf.ts');
  class Broken extends tf.KernelBackend {
    override write(): object {
      throw new TypeError('isNullOrUndefined is not a function.\nat some place');
    }
  }
  tf.registerBackend('tensorflow', () => new Broken());
  return {};
});

describe('an engine that cannot be loaded says why in one sentence, and which can:', () => {
  test('ONNX Runtime on a platform that it ships no binary for', async () => {
    const { stdout, stderr } = await printed(`
      Object.defineProperty(process, 'arch', { value: 'vax' });
      const { availableEngines, loadEngine } = await import('./dist/agent/index.js');
      const engines = await availableEngines();
      const { name, message } = await loadEngine('onnx').catch((error) => error);
      console.log(JSON.stringify({ engines, name, message }));`);
    expect(stderr).toBe('');
    const { engines, name, message } = JSON.parse(stdout);
    expect(engines).toEqual(expect.arrayContaining(['wasm', 'cpu']));
    expect(engines).not.toContain('onnx');
    expect(name).toBe('EngineUnavailable');
    expect(message).toMatch(
      /^the engine "onnx" cannot be loaded \(Cannot find module .*vax.*\): ONNX Runtime ships no binary for this platform, or it was not installed; engines that load here: /,
    );
    expect(message.split('engines that load here: ')[1]).toBe(engines.join(', '));
    expect(message).not.toContain('\n');
  });

  test('TensorFlow where it loads, but cannot compute', async () => {
    const error = await loadEngine('tensorflow').catch((error) => error);
    expect(error).toBeInstanceOf(EngineUnavailable);
    expect(error.message).toMatch(
      /^the engine "tensorflow" cannot be loaded \(isNullOrUndefined is not a function\): install it with "npm install @tensorflow\/tfjs-node", which works on few machines [^\n]+; engines that load here: onnx, wasm, cpu$/,
    );
  });
});

test('the engines that load are listed, the fastest first', async () => {
  expect(await availableEngines()).toEqual(['onnx', 'wasm', 'cpu']);
  expect(ENGINES).toEqual(['onnx', 'wasm', 'tensorflow', 'cpu']);
  for (const name of ['onnx', 'wasm'] as const) expect((await loadEngine(name)).kind).toBe('graph');
  expect((await loadEngine('cpu')).kind).toBe('eager');
});
