import * as z from 'zod';
import type { Json } from './contract.ts';
import { WorldError } from './errors.ts';

const schema = z.strictObject({
  worlds: z.array(z.json()),
  ended: z.array(z.literal([0, 1])),
  returns: z.array(z.number()),
  lengths: z.array(z.int().min(0)),
});

/** The state of a vector of `B` worlds, each array [B]. */
export type VectorState = z.infer<typeof schema>;

/**
 * Checks the state of a vector of `B` worlds.
 * @param id of the worlds, named in the message
 * @throws WorldError if it is not such a state
 */
export function readVectorState(state: Json, B: number, id: string): VectorState {
  const { success, data } = schema.safeParse(state);
  if (success && Object.values(data).every((column) => column.length === B)) return data;
  throw new WorldError(`${id} failed at restore: this is not the state of a vector of ${B} worlds`);
}
