import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../agent/compiler/compile.ts';
import type { Program } from '../../../agent/compiler/program.ts';
import * as tf from '../../../agent/tf.ts';
import { expectClose, numbers, runEverywhere } from '../engines/engines-at-work.ts';

type Padding = 'valid' | 'same' | [[0, 0], [number, number], [number, number], [0, 0]];

interface Convolution {
  readonly picture: readonly [height: number, width: number, channels: number];
  readonly filter: readonly [height: number, width: number, filters: number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  /** Batch sizes that one compiled program runs with. */
  readonly batches: readonly number[];
  readonly seed: number;
}

const upTo = (max: number, min = 1) => fc.integer({ min, max });
const pair = (max: number, min = 0) => fc.tuple(upTo(max, min), upTo(max, min));

const anyConvolution: fc.Arbitrary<Convolution> = fc.record({
  picture: fc.tuple(upTo(9, 4), upTo(9, 4), upTo(3)),
  filter: fc.tuple(upTo(4), upTo(4), upTo(3)),
  strides: pair(4, 1),
  padding: fc.oneof(
    fc.constant('valid' as const),
    fc.constant('same' as const),
    fc.tuple(pair(2), pair(2)).map(([rows, columns]): Padding => [[0, 0], rows, columns, [0, 0]]),
  ),
  batches: fc.tuple(upTo(3), upTo(5)),
  seed: fc.nat(),
});

function convolution({ picture, filter, strides, padding }: Convolution): Program {
  const [height, width, filters] = filter;
  return {
    name: 'convolution',
    inputs: {
      x: { shape: ['N', ...picture], dtype: 'float32' },
      filter: { shape: [height, width, picture[2], filters], dtype: 'float32' },
    },
    outputs: ['y', 'dx', 'dfilter'],
    run({ x, filter }) {
      let y: tf.Tensor4D | undefined;
      const loss = (x: tf.Tensor, filter: tf.Tensor): tf.Scalar => {
        y = tf.keep(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, [...strides], padding));
        // Curved, so that gradients depend on the values.
        return tf.sum(tf.square(y));
      };
      const [dx, dfilter] = tf.grads(loss)([x!, filter!]);
      return { y: y!, dx: dx!, dfilter: dfilter! };
    },
  };
}

describe('a convolution and its gradients', () => {
  test('agree between the engines for any stride, padding and cropped rows, batches of any size', async () => {
    await fc.assert(
      fc.asyncProperty(anyConvolution, async (sizes) => {
        const [height, width, channels] = sizes.picture;
        const [rows, columns, filters] = sizes.filter;
        const { floats } = numbers(sizes.seed);
        const filter = floats(rows * columns * channels * filters);
        const feeds = sizes.batches.map((N) => ({
          x: floats(N * height * width * channels),
          filter,
        }));
        const { cpu, ...others } = await runEverywhere(convolution(sizes), feeds);
        for (const [engine, results] of Object.entries(others)) {
          for (const [i, actual] of results.entries()) {
            expectClose(actual, cpu[i]!, { what: `${engine}, batch of ${sizes.batches[i]}` });
          }
        }
      }),
      { seed: 1808, numRuns: 12 },
    );
  });

  const inputs = {
    x: { shape: ['N', 6, 6, 2], dtype: 'float32' },
    filter: { shape: [3, 3, 2, 2], dtype: 'float32' },
  } as const;
  const forward = (run: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor): Program => ({
    name: 'forward',
    inputs,
    outputs: ['y'],
    run: ({ x, filter }) => ({ y: run(x as tf.Tensor4D, filter as tf.Tensor4D) }),
  });

  test('agree forwards with dilation', async () => {
    const dilated = forward((x, filter) => tf.conv2d(x, filter, 1, 'same', 'NHWC', [2, 1]));
    const { floats } = numbers(2);
    const { cpu, onnx } = await runEverywhere(dilated, [{ x: floats(3 * 72), filter: floats(36) }]);
    expectClose(onnx[0]!, cpu[0]!);
  });

  test('are refused where ONNX would compute something else', () => {
    const channelsFirst = forward((x, filter) =>
      tf.conv2d(tf.transpose(x, [0, 3, 1, 2]), filter, 1, 0, 'NCHW'),
    );
    expect(() => compile(channelsFirst)).toThrow(/NCHW/);
    const roundedUp = forward((x, filter) => tf.conv2d(x, filter, 2, 0, 'NHWC', 1, 'ceil'));
    expect(() => compile(roundedUp)).toThrow(/rounds by "ceil"/);
  });
});
