import { constants } from 'node:os';
import type { Signals } from './terminal.ts';

/** Whether a person or the system has asked a command to stop. */
export interface StopRequest {
  /** Aborts at the first signal. */
  readonly stop: AbortSignal;
  /** What a process that was stopped this way exits with, by custom; 0 before any signal came. */
  readonly exitCode: number;
  /** Stops listening, so that a signal ends the process again. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Notes the first Ctrl-C, termination or closing of the terminal instead of ending the process, so that work can be saved. A
 * second one ends the process, except that of a terminal: its shell and the system each send one.
 * @param onFirst called at the first signal
 */
export function stopOnSignals(
  signals: Signals,
  onFirst: (signal: NodeJS.Signals) => void = () => {},
): StopRequest {
  const stop = new AbortController();
  let exitCode = 0;
  const listeners = SIGNALS.map((signal) => ({
    signal,
    listener() {
      if (stop.signal.aborted) return;
      ignore('SIGINT', 'SIGTERM');
      exitCode = 128 + constants.signals[signal];
      stop.abort();
      onFirst(signal);
    },
  }));
  const ignore = (...names: NodeJS.Signals[]): void => {
    for (const { signal, listener } of listeners) {
      if (names.includes(signal)) signals.off(signal, listener);
    }
  };
  for (const { signal, listener } of listeners) signals.on(signal, listener);
  return {
    stop: stop.signal,
    get exitCode() {
      return exitCode;
    },
    release: () => ignore(...SIGNALS),
  };
}
