/** A beat for each shard in memory that all threads share: odd while it waits for its worlds. */
export type Pulse = Int32Array;

export function createPulse(shards: number): Pulse {
  return new Int32Array(new SharedArrayBuffer(4 * shards));
}

/** Asks a shard's worlds something. @param pulse of this shard alone */
export async function waiting(pulse: Pulse | undefined, ask: () => void | Promise<void>) {
  if (pulse) Atomics.add(pulse, 0, 1);
  const asking = ask();
  if (asking) await asking;
  if (pulse) Atomics.add(pulse, 0, 1);
}

/**
 * Tells, once, of a shard that has waited for the same answer for so many seconds or up to twice as many.
 * @returns ends it
 */
export function listen(pulse: Pulse, seconds: number, onSilence: () => void): () => void {
  let before: Pulse = new Int32Array(pulse.length);
  const timer = setInterval(() => {
    const now = Int32Array.from(pulse, (_, shard) => Atomics.load(pulse, shard));
    const isStuck = now.some((beats, shard) => beats % 2 === 1 && beats === before[shard]);
    before = now;
    if (!isStuck) return;
    clearInterval(timer);
    onSilence();
  }, seconds * 1000);
  return () => clearInterval(timer);
}
