import { describe, test } from 'vitest';
import { expectGradients, expectValues, groups } from './compare-kernels.ts';

describe('ONNX Runtime in WebAssembly computes as the backend cpu:', () => {
  test.each(groups)('%s', async (group, of) => {
    await expectValues('wasm', group, of);
    await expectGradients('wasm', group, of);
  });
});
