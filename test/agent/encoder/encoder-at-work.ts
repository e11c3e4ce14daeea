import { expect } from 'vitest';
import type { LearningEncoder } from '../../../agent/encoder/encoder.ts';
import { PlainEncoder } from '../../../agent/encoder/plain-encoder.ts';
import { encodeBackwardProgram, encodeProgram } from '../../../agent/encoder/plain-programs.ts';
import { sharedProgramNames } from '../../../agent/encoder/program-names.ts';
import { encoderParameters } from '../../../agent/encoder/shapes.ts';
import { type SharedBounds, SharedEncoder } from '../../../agent/encoder/shared-encoder.ts';
import { sharedProgram } from '../../../agent/encoder/shared-programs.ts';
import type { EngineName, Runner } from '../../../agent/engines/engine.ts';
import { createNetwork, type Network } from '../../../agent/network.ts';
import { initialise, layoutOf, views } from '../../../agent/parameters.ts';
import type { Recipe } from '../../../agent/programs.ts';
import { expectClose, load, numbers } from '../engines/engines-at-work.ts';

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** An encoder's shapes, parameters drawn at random, and views for their gradients. */
export function encoderMaterial({ config, world }: Recipe, seed: number, capacity = 1000) {
  const { encoder: shapes }: Network = createNetwork(config, world);
  const parameters = encoderParameters(shapes);
  const layout = layoutOf(parameters);
  const vector = new Float32Array(layout.size);
  initialise(parameters, seed, vector);
  // Biases start at zero, where mistakes would hide.
  const { uniform } = numbers(seed);
  for (const [i, value] of vector.entries()) vector[i] = value + 0.4 * (uniform() - 0.5);
  const gradients = views(layout, new Float32Array(layout.size).fill(Number.NaN));
  const settings = {
    frameSize: product(shapes.frame),
    driveSize: shapes.driveSize,
    capacity,
    parameters: views(layout, vector),
  };
  return { shapes, vector, settings, gradients };
}

export type EncoderMaterial = ReturnType<typeof encoderMaterial>;

export async function plainEncoder(
  { shapes, settings, gradients }: EncoderMaterial,
  engine: EngineName,
  oneByOne = false,
): Promise<PlainEncoder> {
  const layerSizes = Object.fromEntries(
    shapes.layers.map(({ name, shape }) => [name, product(shape)]),
  );
  const backward = await load(engine, encodeBackwardProgram(shapes));
  const encode = await load(engine, encodeProgram(shapes));
  return new PlainEncoder(settings, encode, {
    learning: { backward, layerSizes, gradients },
    oneByOne,
  });
}

export async function sharedEncoder(
  { shapes, settings, gradients }: EncoderMaterial,
  engine: EngineName,
  bounds?: SharedBounds,
): Promise<SharedEncoder> {
  const runners: Record<string, Runner> = {};
  for (const name of sharedProgramNames(shapes)) {
    runners[name] = await load(engine, sharedProgram(shapes, name));
  }
  return new SharedEncoder(shapes, settings, runners, gradients, bounds);
}

/** What an encoder makes of batches of frames since `forget`, and the gradients for these gradients of the drives. */
export async function encodeAndLearn(
  encoder: LearningEncoder,
  { settings, gradients }: EncoderMaterial,
  batches: readonly Uint8Array[],
  gradientOf: (frame: number, i: number) => number = (frame, i) => Math.sin(7 * frame + i),
) {
  const { frameSize, driveSize } = settings;
  encoder.forget();
  const indices: number[] = [];
  for (const batch of batches) {
    const index = new Int32Array(batch.length / frameSize).fill(-1);
    await encoder.encode(batch, index);
    indices.push(...index);
  }
  const drives = encoder.drives.slice(0, encoder.count * driveSize);
  await encoder.backward(drives.map((_, i) => gradientOf(Math.floor(i / driveSize), i)));
  const learned = Object.entries(gradients).map(([name, view]) => [name, view.slice()] as const);
  return { indices, drives, gradients: Object.fromEntries(learned) };
}

export type Learned = Awaited<ReturnType<typeof encodeAndLearn>>;

/** Whether two encoders saw the same frames and made the same of them, but for rounding. */
export function expectSame(actual: Learned, expected: Learned, tolerance: number): void {
  expect(actual.indices).toEqual(expected.indices);
  const close = { tolerance, floor: 0.1 };
  expectClose({ drives: actual.drives }, { drives: expected.drives }, close);
  expectClose(actual.gradients, expected.gradients, close);
}
