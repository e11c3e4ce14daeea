import { describe, expect, test } from 'vitest';
import { composites } from '../../../agent/compiler/kernels/composites.ts';
import { kernels } from '../../../agent/compiler/kernels/index.ts';
import { untranslated } from '../../../agent/compiler/kernels/untranslated.ts';
import * as tf from '../../../agent/tf.ts';
import { expectGradients, expectValues, groups } from './compare-kernels.ts';
import { cases } from './kernel-cases.ts';

const translated = Object.keys({ ...kernels, ...composites });

test('every kernel of TensorFlow.js is translated, or has a reason not to be', () => {
  const names = Object.entries(tf).flatMap(([name, value]) =>
    // Kernels are exported by names that are their values; two have another.
    name === value || name === 'RealDiv' ? [value as string] : [],
  );
  expect(names.length).toBeGreaterThan(150);
  expect([...translated, ...Object.keys(untranslated)].sort()).toEqual(names.sort());
});

test('every translated kernel has a case', () => {
  expect([...new Set(cases.map(({ kernel }) => kernel))].sort()).toEqual(translated.sort());
});

describe('as on the backend cpu:', () => {
  test.each(groups)('%s', async (group, of) => {
    await expectValues('onnx', group, of);
    await expectGradients('onnx', group, of);
  });
});
