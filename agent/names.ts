/** Names of the programs' inputs and outputs, besides the parameters' own. */
export const gradientName = (parameter: string): string => `gradient/${parameter}`;
/** A shard's gradient among the update's inputs. */
export const shardName = (shard: number): string => `gradient/${shard}`;
/** An optimiser's running mean among the update's inputs and outputs. */
export const slotName = (slot: string): string => `slot/${slot}`;
export const nextSlotName = (slot: string): string => `nextSlot/${slot}`;
