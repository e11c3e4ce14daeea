import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { stopOnSignals } from '../../src/cli/signals.ts';

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  'the first %s asks to stop; after it a Ctrl-C ends the process, a closed terminal does not',
  (signal, exitCode) => {
    const signals = new EventEmitter();
    const seen: string[] = [];
    const request = stopOnSignals(signals, (first) => seen.push(first));
    expect(request).toMatchObject({ stop: { aborted: false }, exitCode: 0 });
    signals.emit(signal);
    expect(request).toMatchObject({ stop: { aborted: true }, exitCode });
    expect(['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => signals.emit(name))).toEqual([
      false,
      false,
      true,
    ]);
    expect({ seen, exitCode: request.exitCode }).toEqual({ seen: [signal], exitCode });
    request.release();
    expect(signals.eventNames()).toEqual([]);
  },
);
