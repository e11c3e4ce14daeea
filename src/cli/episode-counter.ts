import type { ProgressStream } from './training-progress.ts';

/** Tells on a terminal how far an evaluation is; elsewhere nothing. */
export interface EpisodeCounter {
  update(run: string, done: number, total: number): void;
  /** Takes its line away. */
  close(): void;
}

const REDRAW_MILLISECONDS = 100;
const CLEAR_LINE = '\r\x1b[K';

export function createEpisodeCounter(
  stream: ProgressStream,
  now: () => number = () => performance.now(),
): EpisodeCounter {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  return {
    update(run, done, total) {
      if (!stream.isTTY || now() - drawnAt < REDRAW_MILLISECONDS) return;
      drawnAt = now();
      isDrawn = true;
      const text = `${run}: ${done} of ${total} episodes played`;
      stream.write(CLEAR_LINE + text.slice(-((stream.columns ?? 80) - 1)));
    },
    close() {
      if (isDrawn) stream.write(CLEAR_LINE);
    },
  };
}
