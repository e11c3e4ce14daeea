import { expect, test } from 'vitest';
import { FrameStack, Grayscale, make } from '../../env/index.ts';
import { observedPicture } from '../../src/play/observed-picture.ts';

test('the page shows grey pictures side by side, and colours as they are', () => {
  const grid = make('TimedGrid-v0', { size: 2, pixels: 2, agentColour: [90, 90, 90] });
  const env = new Grayscale(new FrameStack(grid, { frames: 2 }));
  env.reset({ seed: 1 });
  const { observation } = env.step(1);
  const { pixels, height, width } = observedPicture(
    observation.pixels,
    env.observationSpace.pixels,
  );
  expect([height, width]).toEqual([2, 4]);
  for (let y = 0; y < 2; y++) {
    for (let x = 0; x < 4; x++) {
      const grey = observation.pixels[(y * 2 + (x % 2)) * 2 + Math.floor(x / 2)]!;
      const at = (y * 4 + x) * 3;
      expect([...pixels.subarray(at, at + 3)]).toEqual([grey, grey, grey]);
    }
  }
  const plain = make('TimedGrid-v0').reset({ seed: 1 }).observation.pixels;
  expect(observedPicture(plain, make('TimedGrid-v0').observationSpace.pixels).pixels).toBe(plain);
  const six = new FrameStack(make('TimedGrid-v0'), { frames: 2 });
  const colours = observedPicture(
    six.reset({ seed: 1 }).observation.pixels,
    six.observationSpace.pixels,
  );
  expect(colours).toMatchObject({ height: 56, width: 112 });
  for (let y = 0; y < 56; y++) {
    const row = plain.subarray(y * 168, (y + 1) * 168);
    expect(Buffer.compare(colours.pixels.subarray(y * 336, y * 336 + 168), row)).toBe(0);
    expect(Buffer.compare(colours.pixels.subarray(y * 336 + 168, (y + 1) * 336), row)).toBe(0);
  }
});
