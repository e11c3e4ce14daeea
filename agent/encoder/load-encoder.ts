import { type Blueprint, loadProgram } from '../blueprint.ts';
import type { Engine } from '../engines/engine.ts';
import type { LearningEncoder } from './encoder.ts';
import { PlainEncoder } from './plain-encoder.ts';

/**
 * Makes a blueprint's encoder ready to act and learn in this thread.
 * @param capacity most distinct frames between two calls of `forget`
 * @param parameters all parameters by name; read at every call
 * @param gradients by the same names: what receives their gradients
 * @param engine what loads its programs, in place of the blueprint's own engine
 */
export async function loadEncoder(
  blueprint: Blueprint,
  capacity: number,
  parameters: Readonly<Record<string, Float32Array>>,
  gradients: Readonly<Record<string, Float32Array>>,
  engine?: Engine,
): Promise<LearningEncoder> {
  const { driveSize, layerSizes, recipe } = blueprint;
  const { height, width, channels } = recipe.world;
  const settings = { frameSize: height * width * channels, driveSize, capacity, parameters };
  const backward = await loadProgram(blueprint, 'encodeBackward', engine);
  return new PlainEncoder(settings, await loadProgram(blueprint, 'encode', engine), {
    learning: { backward, layerSizes, gradients },
  });
}
