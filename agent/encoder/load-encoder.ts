import { type Blueprint, loadProgram, type ProgramName } from '../blueprint.ts';
import type { Engine, Runner } from '../engines/engine.ts';
import { AdaptiveEncoder } from './adaptive-encoder.ts';
import type { EncoderSettings, LearningEncoder } from './encoder.ts';
import { PlainEncoder } from './plain-encoder.ts';
import { sharedProgramNames } from './program-names.ts';
import { SharedEncoder } from './shared-encoder.ts';

/**
 * Makes a blueprint's encoder ready to act and learn in this thread.
 * @param capacity most distinct frames between two calls of `forget`
 * @param parameters all parameters by name; read at every call
 * @param gradients by the same names: what receives their gradients
 * @param engine what loads its programs, in place of the blueprint's own engine: one of the same kind
 */
export async function loadEncoder(
  blueprint: Blueprint,
  capacity: number,
  parameters: Readonly<Record<string, Float32Array>>,
  gradients: Readonly<Record<string, Float32Array>>,
  engine?: Engine,
): Promise<LearningEncoder> {
  const { encoder: shapes } = blueprint;
  const { driveSize, frame } = shapes;
  const frameSize = frame[0] * frame[1] * frame[2];
  const settings: EncoderSettings = { frameSize, driveSize, capacity, parameters };
  const load = (name: ProgramName) => loadProgram(blueprint, name, engine);
  const loadPlain = async (): Promise<LearningEncoder> => {
    const encode = await load('encode');
    const backward = await load('encodeBackward');
    const layerSizes = Object.fromEntries(
      shapes.layers.map(({ name, shape }) => [name, shape.reduce((a, b) => a * b, 1)]),
    );
    return new PlainEncoder(settings, encode, { learning: { backward, layerSizes, gradients } });
  };
  if (!canShare(blueprint)) return loadPlain();
  const runners: Record<string, Runner> = {};
  for (const name of sharedProgramNames(shapes)) {
    runners[name] = await load(name);
  }
  const shared = new SharedEncoder(shapes, settings, runners, gradients);
  return new AdaptiveEncoder(shapes, shared, loadPlain);
}

/**
 * Whether a row that a layer computes has the same bits whatever rows are computed with it, which sharing relies on. ONNX Runtime
 * computes a product of one column in blocks of rows, and the rows that are left over in another way; of TensorFlow it is not known.
 */
const canShare = ({ engine, encoder: { convolutions, dense } }: Blueprint): boolean =>
  engine !== 'tensorflow' && dense > 1 && convolutions.every(({ filters }) => filters > 1);
