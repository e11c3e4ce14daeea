import { constants } from 'node:os';

/** What a person or the system asked of this process while it was busy. */
export interface Signals {
  /** The first signal received. */
  readonly received: NodeJS.Signals | undefined;
  /** Gives the signals their usual effect back. */
  release(): void;
}

/**
 * Takes note of Ctrl-C and termination instead of ending the process, so that work can be saved. A second one
 * ends it at once.
 * @param onFirst called when the first signal comes
 */
export function stopOnSignals(onFirst: (signal: NodeJS.Signals) => void = () => {}): Signals {
  let received: NodeJS.Signals | undefined;
  const note = (signal: NodeJS.Signals): void => {
    if (received) {
      release();
      // Not process.exit, which waits for threads and, where one is within native code, aborts.
      process.kill(process.pid, signal);
      return;
    }
    received = signal;
    onFirst(signal);
  };
  const release = (): void => {
    process.off('SIGINT', note).off('SIGTERM', note);
  };
  process.on('SIGINT', note).on('SIGTERM', note);
  return {
    get received() {
      return received;
    },
    release,
  };
}

/** What a process that a signal ended exits with, by custom. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
