/** A count for each shard in memory that all threads share: odd while it waits for its worlds. */
export type Pulse = Int32Array;

export function createPulse(shards: number): Pulse {
  return new Int32Array(new SharedArrayBuffer(4 * shards));
}

/** Makes a call to a shard's worlds, counted in its pulse. @param pulse of this shard alone */
export async function callWorlds(pulse: Pulse | undefined, call: () => void | Promise<void>) {
  if (pulse) Atomics.add(pulse, 0, 1);
  const pending = call();
  if (pending) await pending;
  if (pulse) Atomics.add(pulse, 0, 1);
}

/**
 * Calls `report` once, when a shard has waited for the same answer for `seconds`, or up to twice as long.
 * @returns stops listening
 */
export function onUnresponsive(pulse: Pulse, seconds: number, report: () => void): () => void {
  let before: Pulse = new Int32Array(pulse.length);
  const timer = setInterval(() => {
    const now = Int32Array.from(pulse, (_, shard) => Atomics.load(pulse, shard));
    const isStuck = now.some((count, shard) => count % 2 === 1 && count === before[shard]);
    before = now;
    if (!isStuck) return;
    clearInterval(timer);
    report();
  }, seconds * 1000);
  return () => clearInterval(timer);
}
