import { expect, onTestFinished, test, vi } from 'vitest';
import { createPulse, listen, waiting } from '../../src/train/unresponsive.ts';

test('one shard that waits for the same answer all the while is told of, once', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const pulse = createPulse(2);
  const onSilence = vi.fn();
  const stop = listen(pulse, 30, onSilence);
  // Whoever learns for long waits for no world.
  await waiting(pulse.subarray(0, 1), () => {});
  vi.advanceTimersByTime(100_000);
  for (let step = 0; step < 5; step++) {
    let answer = (): void => {};
    const asking = waiting(
      pulse.subarray(1),
      () => new Promise<void>((resolve) => (answer = resolve)),
    );
    vi.advanceTimersByTime(29_000);
    answer();
    await asking;
  }
  expect(onSilence).not.toHaveBeenCalled();
  void waiting(pulse.subarray(1), () => new Promise<void>(() => {}));
  vi.advanceTimersByTime(60_000);
  expect(onSilence).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(200_000);
  expect(onSilence).toHaveBeenCalledOnce();
  stop();
});
