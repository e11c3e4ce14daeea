import type { ParameterLayout } from '../../agent/parameters.ts';
import type { Json } from '../../env/contract.ts';
import { Failure, UsageError } from '../common/errors.ts';
import { requireLayout, type TensorLayout } from '../run/checkpoint.ts';
import type { Checkpoint } from '../run/folder.ts';
import type { Tensor, Tensors } from '../run/safetensors.ts';
import type { TrainerState } from './trainer.ts';

/*
 * Names in a checkpoint: `parameters/conv1/filter`, `optimizer/mean/conv1/filter`, `shard0/recurrent`,
 * `shard0/start`. Worlds and generators stand in its JSON.
 */
const parameterName = (name: string): string => `parameters/${name}`;
const optimizerName = (slot: string, name: string): string => `optimizer/${slot}/${name}`;
const shardName = (shard: number, name: string): string => `shard${shard}/${name}`;

const isParameter = (name: string): boolean => name.startsWith(parameterName(''));

/** All that an agent needs to act. */
export const onlyParameters = (tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).filter(([name]) => isParameter(name)));

const float = (data: Float32Array, shape: readonly number[]): Tensor => ({
  dtype: 'F32',
  shape,
  data: data as Float32Array<ArrayBuffer>,
});

/** What a checkpoint holds of a training. */
export function toCheckpoint(
  state: TrainerState,
  layout: ParameterLayout,
): { tensors: Tensors; state: Record<string, Json> } {
  const tensors: Tensors = {};
  for (const { name, shape, offset, size } of layout.slots) {
    const part = (vector: Float32Array) => float(vector.slice(offset, offset + size), shape);
    tensors[parameterName(name)] = part(state.parameters);
    for (const [slot, mean] of Object.entries(state.slots)) {
      tensors[optimizerName(slot, name)] = part(mean);
    }
  }
  for (const [i, { recurrent, start }] of state.shards.entries()) {
    tensors[shardName(i, 'recurrent')] = float(recurrent, [
      start.length,
      recurrent.length / start.length,
    ]);
    tensors[shardName(i, 'start')] = float(start, [start.length]);
  }
  return {
    tensors,
    state: {
      optimizerCount: state.optimizerCount,
      shards: state.shards.map(({ worlds, actionRandom }) => ({ worlds, actionRandom })),
    },
  };
}

/**
 * The state that `toCheckpoint` was given.
 * @param like a state of the same training, whose shapes the checkpoint must have
 * @throws Failure if it is another network's or another training's, UsageError for one of an agent alone
 */
export function fromCheckpoint(
  checkpoint: Checkpoint,
  like: TrainerState,
  layout: ParameterLayout,
  where: string,
): TrainerState {
  const { tensors, state, frames } = checkpoint;
  if (Object.keys(tensors).every(isParameter)) {
    throw new UsageError(
      `${where} holds an agent without its training: it is evaluated and watched, but trained no further`,
    );
  }
  requireLayout(tensors, layoutOfTensors(toCheckpoint(like, layout).tensors), where);
  const shards = state.shards as { worlds: Json; actionRandom: Json }[] | undefined;
  if (typeof state.optimizerCount !== 'number' || shards?.length !== like.shards.length) {
    throw new Failure(
      `${where} is not a checkpoint of a training with ${like.shards.length} shards`,
    );
  }
  return {
    frames,
    optimizerCount: state.optimizerCount,
    parameters: joined(tensors, layout, parameterName),
    slots: Object.fromEntries(
      Object.keys(like.slots).map((slot) => [
        slot,
        joined(tensors, layout, (name) => optimizerName(slot, name)),
      ]),
    ),
    shards: shards.map((shard, i) => ({
      ...shard,
      recurrent: tensors[shardName(i, 'recurrent')]!.data as Float32Array,
      start: tensors[shardName(i, 'start')]!.data as Float32Array,
    })),
  };
}

/**
 * The parameters of a checkpoint as one flat vector, for an agent that acts but no longer learns.
 * @throws Failure if they are another network's
 */
export function parametersOf(
  checkpoint: Checkpoint,
  layout: ParameterLayout,
  where: string,
): Float32Array {
  const expected = layout.slots.map(({ name, shape }) => [
    parameterName(name),
    { dtype: 'F32', shape },
  ]);
  requireLayout(onlyParameters(checkpoint.tensors), Object.fromEntries(expected), where);
  return joined(checkpoint.tensors, layout, parameterName);
}

function joined(
  tensors: Tensors,
  layout: ParameterLayout,
  nameOf: (name: string) => string,
): Float32Array {
  const vector = new Float32Array(layout.size);
  for (const { name, offset } of layout.slots) {
    vector.set(tensors[nameOf(name)]!.data as Float32Array, offset);
  }
  return vector;
}

function layoutOfTensors(tensors: Tensors): TensorLayout {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape }]) => [name, { dtype, shape }]),
  );
}
