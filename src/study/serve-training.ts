import { type ErrorData, toErrorData } from '../common/thread-error.ts';

/** What the process of a training says. */
export type TrainingNews<Progress> =
  | { readonly progress: Progress }
  | { readonly note: string }
  /** The last message; `trained` is false where the training was stopped and saved. */
  | { readonly trained: boolean }
  | { readonly error: ErrorData };

/** What a training of a study calls, and what stops it. */
export interface TrainingCalls<Progress> {
  onProgress(progress: Progress): void;
  onNote(sentence: string): void;
  readonly signal: AbortSignal;
}

/**
 * Makes this process that of one training of a study: the order is its first message; progress and end are messages back.
 * @param train returns whether the training is finished; it saves and returns false once the signal aborts
 */
export function serveTraining<Order, Progress>(
  train: (order: Order, calls: TrainingCalls<Progress>) => Promise<boolean>,
): void {
  const stop = new AbortController();
  for (const event of ['SIGTERM', 'SIGHUP', 'disconnect']) process.on(event, () => stop.abort());
  const tell = (news: TrainingNews<Progress>): void => {
    // A study that was killed a moment ago takes nothing; without the callback that would end this process before it has saved.
    if (process.connected) process.send!(news, () => {});
  };
  process.once('message', async (order: Order) => {
    try {
      const trained = await train(order, {
        onProgress: (progress) => tell({ progress }),
        onNote: (note) => tell({ note }),
        signal: stop.signal,
      });
      tell({ trained });
    } catch (error) {
      tell({ error: toErrorData(error) });
    }
    if (process.connected) process.disconnect();
  });
}
