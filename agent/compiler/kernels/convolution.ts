import { backend_util } from '../../tf.ts';
import type { Graph, Value } from '../graph.ts';
import { slice, transpose } from '../layout.ts';
import type { Kernel, KernelCall, Kernels } from './kernel.ts';

/*
 * TensorFlow.js keeps pictures as [batch, height, width, channel] and filters as [height, width, in,
 * out]; ONNX wants [batch, channel, height, width] and [out, in, height, width].
 */
const channelsFirst = (graph: Graph, x: Value): Value => transpose(graph, x, [0, 3, 1, 2]);
const channelsLast = (graph: Graph, x: Value): Value => transpose(graph, x, [0, 2, 3, 1]);

function geometry(
  call: KernelCall,
  input: readonly number[],
  filter: readonly number[],
  dilations: unknown = 1,
) {
  const { strides, pad, dataFormat, dimRoundingMode } = call.attrs;
  if (dataFormat !== 'NHWC')
    throw new Error(`tf.conv2d in ${dataFormat} order has no translation; use NHWC`);
  if (dimRoundingMode && dimRoundingMode !== 'floor')
    throw new Error(
      `tf.conv2d that rounds by "${dimRoundingMode}" has no translation; use "floor"`,
    );
  const info = backend_util.computeConv2DInfo(
    input as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations as number,
    pad,
    dimRoundingMode,
  );
  const { top, left, bottom, right } = info.padInfo;
  return {
    ...info,
    strides: [info.strideHeight, info.strideWidth],
    pads: [top, left, bottom, right],
  };
}

const forward: Kernel = (call) => {
  const { graph, inputs, attrs } = call;
  const { x, filter } = inputs;
  const info = geometry(call, x.shape, filter.shape, attrs.dilations);
  const weights = transpose(graph, filter, [3, 2, 0, 1]);
  const shape = [x.shape[0]!, info.outChannels, info.outHeight, info.outWidth];
  const y = graph.add(
    'Conv',
    [channelsFirst(graph, x), weights],
    { dtype: 'float32', shape },
    {
      kernel_shape: filter.shape.slice(0, 2),
      strides: info.strides,
      pads: info.pads,
      dilations: [info.dilationHeight, info.dilationWidth],
    },
  );
  return channelsLast(graph, y);
};

/**
 * dL/dfilter[h, w, i, o] = Σ_{n, y, x} input[n, s·y + h, s·x + w, i] · dy[n, y, x, o]: a convolution of the
 * inputs with the output's gradients, in which the batch takes the place of the channels and the stride that
 * of the dilation. Rows and columns that no output depends on are cropped.
 */
const filterGradient: Kernel = (call) => {
  const { graph, inputs, attrs } = call;
  const { x, dy } = inputs;
  const [height, width, inChannels, outChannels] = attrs.filterShape as number[];
  const info = geometry(call, x.shape, attrs.filterShape);
  const [top, left, bottom, right] = info.pads;
  const whole = [
    x.shape[1]! + top! + bottom! - info.strides[0]! * (dy.shape[1]! - 1),
    x.shape[2]! + left! + right! - info.strides[1]! * (dy.shape[2]! - 1),
  ];
  const gradient = graph.add(
    'Conv',
    [transpose(graph, x, [3, 0, 1, 2]), transpose(graph, dy, [3, 0, 1, 2])],
    { dtype: 'float32', shape: [inChannels!, outChannels!, ...whole] },
    {
      kernel_shape: dy.shape.slice(1, 3),
      dilations: info.strides,
      pads: info.pads,
      strides: [1, 1],
    },
  );
  const cropped = slice(
    graph,
    gradient,
    [0, 0, 0, 0],
    [inChannels!, outChannels!, height!, width!],
  );
  return transpose(graph, cropped, [2, 3, 0, 1]);
};

/** dL/dinput: the transposed convolution of the output gradients. */
const inputGradient: Kernel = (call) => {
  const { graph, inputs, attrs } = call;
  const { dy, filter } = inputs;
  const [batch, height, width, channels] = attrs.inputShape as number[];
  const info = geometry(call, attrs.inputShape, filter.shape);
  const [top, left, bottom, right] = info.pads;
  const reached = (outputs: number, stride: number, kernel: number) =>
    (outputs - 1) * stride + kernel;
  const dx = graph.add(
    'ConvTranspose',
    [channelsFirst(graph, dy), transpose(graph, filter, [3, 2, 0, 1])],
    { dtype: 'float32', shape: [batch!, channels!, height!, width!] },
    {
      kernel_shape: filter.shape.slice(0, 2),
      strides: info.strides,
      pads: info.pads,
      output_padding: [
        height! + top! + bottom! - reached(dy.shape[1]!, info.strides[0]!, filter.shape[0]!),
        width! + left! + right! - reached(dy.shape[2]!, info.strides[1]!, filter.shape[1]!),
      ],
    },
  );
  return channelsLast(graph, dx);
};

export const convolution: Kernels = {
  Conv2D: forward,
  Conv2DBackpropFilter: filterGradient,
  Conv2DBackpropInput: inputGradient,
};
