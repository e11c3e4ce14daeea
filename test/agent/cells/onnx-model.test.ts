import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { cells } from '../../../agent/cells/index.ts';
import { compile } from '../../../agent/compiler/compile.ts';
import { answerProgram } from '../../../agent/model-batch.ts';
import { initialise, layoutOf, views } from '../../../agent/parameters.ts';
import * as tf from '../../../agent/tf.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test.each(cells.map((cell) => [cell.id, cell] as const))(
  '%s is an ONNX model that computes the same with its parameters inside',
  async (id, cell) => {
    const specs = cell.parameters(id, 3, 2);
    const layout = layoutOf(specs);
    const parameters = new Float32Array(layout.size);
    initialise(specs, 1, parameters);
    const program = answerProgram(id, specs, 1, 3, (own, x) => cell.apply(own, id, x));
    const { model, inputs } = compile(program, {}, { parameters });
    expect(Object.keys(inputs)).toEqual(['x']);

    const x = Float32Array.of(1, -2, 0.5, 3, 4, -0.25);
    const session = await InferenceSession.create(model);
    const { y } = await session.run({ x: new Tensor('float32', x, [1, 2, 3]) });
    const own = Object.fromEntries(
      Object.entries(views(layout, parameters)).map(([name, values], i) => [
        name,
        tf.tensor(values, [...specs[i]!.shape]),
      ]),
    );
    const expected = await cell.apply(own, id, tf.tensor2d(x, [2, 3])).data();
    expect(y!.dims).toEqual([1, 2, 2]);
    for (const [i, value] of expected.entries()) {
      expect(Math.abs((y!.data as Float32Array)[i]! - value)).toBeLessThan(1e-5);
    }
  },
);
