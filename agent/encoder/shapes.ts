import { type AgentConfig, ConfigError, type WorldShape } from '../config.ts';
import { constant, orthogonal, sideBySide } from '../initializers.ts';
import { GATES } from '../layers/lstm.ts';
import type { ParameterSpec } from '../parameters.ts';

/** A convolution without padding. */
export interface ConvolutionShape {
  readonly size: number;
  readonly stride: number;
  /** Channels that it gets. */
  readonly inputs: number;
  readonly filters: number;
  /** [height, width, filters] */
  readonly output: readonly [number, number, number];
}

/**
 * The half of the network that sees only pixels: convolutions → dense → drive of the LSTM's gates. Where the dense layer sees several
 * pictures, this half stops at its products, those of each picture with the weights. Plain data.
 */
export interface EncoderShapes {
  /** Height, width and channels of a frame. */
  readonly frame: readonly [number, number, number];
  readonly convolutions: readonly ConvolutionShape[];
  /** Numbers of the last convolution's output. */
  readonly flat: number;
  readonly dense: number;
  /** Pictures that the dense layer sees. */
  readonly pictures: number;
  /**
   * Numbers that are made of a frame: what it contributes to the LSTM's gates, 4H, and then what a pathway sees in it; or, where the dense
   * layer sees several pictures, its products with the weights of that layer for the newest picture, the one before, and so on.
   */
  readonly driveSize: number;
  /** The layers before the drive, with the shape of their output for one frame. */
  readonly layers: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/**
 * @param sight numbers that a pathway wants made of each frame
 * @throws ConfigError where a convolution does not fit what it gets, with the numbers
 */
export function encoderShapes(
  config: AgentConfig,
  world: WorldShape,
  sight: number,
): EncoderShapes {
  const { dense, pictures } = config;
  const driveSize = pictures > 1 ? pictures * dense : GATES * config.lstm + sight;
  const convolutions = convolutionShapes(config, world);
  const flat = convolutions.at(-1)!.output.reduce((a, b) => a * b, 1);
  return {
    frame: [world.height, world.width, world.channels],
    ...{ convolutions, flat, dense, pictures, driveSize },
    layers: [
      ...convolutions.map(({ output }, i) => ({ name: `conv${i + 1}`, shape: output })),
      ...(pictures > 1 ? [] : [{ name: 'dense', shape: [dense] }]),
    ],
  };
}

/** The encoder's parameters, in order. */
export const encoderParameters = ({
  convolutions,
  flat,
  dense,
  pictures,
  driveSize,
}: EncoderShapes): ParameterSpec[] => [
  ...convolutions.flatMap(({ size, inputs, filters }, i) => [
    {
      name: `conv${i + 1}/filter`,
      shape: [size, size, inputs, filters],
      initial: orthogonal(Math.SQRT2),
    },
    { name: `conv${i + 1}/bias`, shape: [filters], initial: constant(0) },
  ]),
  {
    name: 'dense/kernel',
    shape: [flat, pictures * dense],
    initial: sideBySide(pictures, orthogonal(Math.SQRT2)),
  },
  ...(pictures > 1 ? [] : afterDense(dense, driveSize)),
];

/** The dense layer's bias, and what follows it. @param outputs numbers that the LSTM's gates and a pathway get of it */
export const afterDense = (dense: number, outputs: number): ParameterSpec[] => [
  { name: 'dense/bias', shape: [dense], initial: constant(0) },
  { name: 'lstm/frame_kernel', shape: [dense, outputs], initial: orthogonal(1) },
  { name: 'lstm/bias', shape: [outputs], initial: constant(0) },
];

function convolutionShapes(config: AgentConfig, world: WorldShape): ConvolutionShape[] {
  let [height, width, inputs] = [world.height, world.width, world.channels];
  return config.convolutions.map(({ filters, size, stride }, i) => {
    if (size > height || size > width) {
      throw new ConfigError(
        `convolution ${i + 1} looks at ${size} × ${size} pixels, but gets only ${height} × ${width} of the world's ${world.height} × ${world.width}: use larger pixels in the world, or smaller or fewer convolutions`,
      );
    }
    height = Math.floor((height - size) / stride) + 1;
    width = Math.floor((width - size) / stride) + 1;
    const layer = { size, stride, inputs, filters, output: [height, width, filters] as const };
    inputs = filters;
    return layer;
  });
}
