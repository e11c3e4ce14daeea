/**
 * Works on all items, some at once, in their order.
 * @param stop begins no further item once it aborts
 * @param work is given a signal that aborts with `stop`, and where the work on another item has failed
 * @throws the error of the first that failed, once all others have ended
 */
export async function inParallel<Item>(
  items: readonly Item[],
  jobs: number,
  stop: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const failed = new AbortController();
  const signal = AbortSignal.any([stop, failed.signal]);
  let failure: unknown;
  const workOn = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      if (signal.aborted) return;
      try {
        await work(item, signal);
      } catch (error) {
        failure ??= error;
        failed.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, workOn));
  if (failure !== undefined) throw failure;
}
