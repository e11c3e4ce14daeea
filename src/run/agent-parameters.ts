import type { ParameterLayout } from '../../agent/parameters.ts';
import { hashOf } from './checked-json.ts';
import { type Checkpoint, requireLayout } from './checkpoint.ts';
import type { NamedTensors } from './safetensors.ts';

const PREFIX = 'parameters/';

/** What a parameter is called in a checkpoint: `parameters/conv1/filter`. */
export const parameterName = (name: string): string => `${PREFIX}${name}`;

/** Parameters as a checkpoint holds them. @param vector float32 [P], laid out as `layout` */
export const parameterTensors = (vector: Float32Array, layout: ParameterLayout): NamedTensors =>
  Object.fromEntries(
    layout.slots.map(({ name, shape, offset, size }) => [
      parameterName(name),
      { shape, data: vector.slice(offset, offset + size) },
    ]),
  );

/** The tensors that an agent needs to act. */
export const onlyParameters = (tensors: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith(PREFIX)));

/** Whether a checkpoint holds an agent alone, which cannot be trained further. */
export const isAgentAlone = (tensors: NamedTensors): boolean =>
  Object.keys(tensors).every((name) => name.startsWith(PREFIX));

/**
 * The parameters of a checkpoint as one flat vector, float32 [P].
 * @param where what an error begins with, such as the path of the run
 * @throws Failure if they belong to another network
 */
export function parametersOf(
  { tensors }: Checkpoint,
  layout: ParameterLayout,
  where: string,
): Float32Array {
  const shapes = layout.slots.map(({ name, shape }) => [parameterName(name), shape]);
  requireLayout(onlyParameters(tensors), Object.fromEntries(shapes), where);
  return joinTensors(tensors, layout, parameterName);
}

/** One vector, laid out as `layout`, of the tensors that `nameOf` gives for its slots. */
export function joinTensors(
  tensors: NamedTensors,
  layout: ParameterLayout,
  nameOf: (name: string) => string,
): Float32Array {
  const vector = new Float32Array(layout.size);
  for (const { name, offset } of layout.slots) vector.set(tensors[nameOf(name)]!.data, offset);
  return vector;
}

/** Names an agent's parameters by their content. @param parameters float32 [P] */
export function checkpointId({
  frames,
  parameters: { buffer, byteOffset, byteLength },
}: {
  readonly frames: number;
  readonly parameters: Float32Array;
}): string {
  return `${frames}-${hashOf(new Uint8Array(buffer, byteOffset, byteLength)).slice(0, 12)}`;
}
