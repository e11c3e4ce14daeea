import { expect, onTestFinished, test, vi } from 'vitest';
import { callWorlds, createPulse, onUnresponsive } from '../../src/train/unresponsive.ts';

test('a shard that keeps waiting for the same answer is reported once', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const pulse = createPulse(2);
  const report = vi.fn();
  const stop = onUnresponsive(pulse, 30, report);
  // A shard that learns for a long time waits for no world.
  await callWorlds(pulse.subarray(0, 1), () => {});
  vi.advanceTimersByTime(100_000);
  for (let step = 0; step < 5; step++) {
    let answer = (): void => {};
    const pending = callWorlds(
      pulse.subarray(1),
      () => new Promise<void>((resolve) => (answer = resolve)),
    );
    vi.advanceTimersByTime(29_000);
    answer();
    await pending;
  }
  expect(report).not.toHaveBeenCalled();
  void callWorlds(pulse.subarray(1), () => new Promise<void>(() => {}));
  vi.advanceTimersByTime(60_000);
  expect(report).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(200_000);
  expect(report).toHaveBeenCalledOnce();
  stop();
});
