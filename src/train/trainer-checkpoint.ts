import * as z from 'zod';
import { NO_ADVANTAGES } from '../../agent/advantage-scale.ts';
import type { ParameterLayout } from '../../agent/parameters.ts';
import type { Json } from '../../env/contract.ts';
import { randomStateSchema } from '../../env/random.ts';
import { Failure, UsageError } from '../common/errors.ts';
import { isAgentAlone, joinTensors, parameterName } from '../run/agent-parameters.ts';
import { type Checkpoint, requireLayout } from '../run/checkpoint.ts';
import type { NamedTensors } from '../run/safetensors.ts';
import type { TrainerState } from './trainer.ts';

/*
 * Names in a checkpoint: `parameters/conv1/filter`, `optimizer/mean/conv1/filter`, `shard0/recurrent`,
 * `shard0/start`. Worlds and generators are in its JSON.
 */
const optimizerName = (slot: string, name: string): string => `optimizer/${slot}/${name}`;
/** What a checkpoint's JSON holds for the trainer. What the worlds remember is for them to check. */
const stateSchema = z.looseObject({
  optimizerCount: z.int().min(0),
  advantages: z
    .strictObject({ meanSquare: z.number().min(0), updates: z.int().min(0) })
    .default(NO_ADVANTAGES),
  shards: z.array(z.strictObject({ worlds: z.json(), actionRandom: randomStateSchema })),
});
const shardName = (shard: number, name: string): string => `shard${shard}/${name}`;

/** The parts of a training's state as a checkpoint holds them. */
export function toCheckpoint(
  state: TrainerState,
  layout: ParameterLayout,
): { tensors: NamedTensors; state: Record<string, Json> } {
  const tensors: NamedTensors = {};
  for (const { name, shape, offset, size } of layout.slots) {
    const part = (vector: Float32Array) => ({
      shape,
      data: vector.slice(offset, offset + size),
    });
    tensors[parameterName(name)] = part(state.parameters);
    for (const [slot, mean] of Object.entries(state.slots)) {
      tensors[optimizerName(slot, name)] = part(mean);
    }
  }
  for (const [i, { recurrent, start }] of state.shards.entries()) {
    const B = start.length;
    tensors[shardName(i, 'recurrent')] = { shape: [B, recurrent.length / B], data: recurrent };
    tensors[shardName(i, 'start')] = { shape: [B], data: start };
  }
  return {
    tensors,
    state: {
      optimizerCount: state.optimizerCount,
      advantages: { ...state.advantages },
      shards: state.shards.map(({ worlds, actionRandom }) => ({ worlds, actionRandom })),
    },
  };
}

/**
 * Restores the state that was passed to `toCheckpoint`.
 * @param like a state of the same training, for the expected shapes
 * @throws Failure if it belongs to another network or training, UsageError if it holds an agent alone
 */
export function fromCheckpoint(
  checkpoint: Checkpoint,
  like: TrainerState,
  layout: ParameterLayout,
  where: string,
): TrainerState {
  const { tensors, state, frames } = checkpoint;
  if (isAgentAlone(tensors)) {
    throw new UsageError(
      `${where} holds an agent without its training: it can be evaluated and watched, but not trained further`,
    );
  }
  const expected = Object.entries(toCheckpoint(like, layout).tensors);
  const shapes = expected.map(([name, { shape }]) => [name, shape]);
  requireLayout(tensors, Object.fromEntries(shapes), where);
  const { success, data } = stateSchema.safeParse(state);
  if (!success || data.shards.length !== like.shards.length) {
    throw new Failure(
      `${where} is not a checkpoint of a training with ${like.shards.length} shards`,
    );
  }
  return {
    frames,
    optimizerCount: data.optimizerCount,
    advantages: data.advantages,
    parameters: joinTensors(tensors, layout, parameterName),
    slots: Object.fromEntries(
      Object.keys(like.slots).map((slot) => [
        slot,
        joinTensors(tensors, layout, (name) => optimizerName(slot, name)),
      ]),
    ),
    shards: data.shards.map((shard, i) => ({
      ...shard,
      recurrent: tensors[shardName(i, 'recurrent')]!.data,
      start: tensors[shardName(i, 'start')]!.data,
    })),
  };
}
