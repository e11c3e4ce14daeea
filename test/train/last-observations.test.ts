import { expect, test } from 'vitest';
import { LastObservations } from '../../src/train/last-observations.ts';

/** Observations of three worlds, two bytes and one number each, and states of two numbers. */
const rows = (from: number) => ({
  observation: {
    pixels: Uint8Array.from({ length: 6 }, (_, i) => from + i),
    instruction: Float32Array.from({ length: 3 }, (_, i) => from + i + 0.5),
  },
  state: Float32Array.from({ length: 6 }, (_, i) => from - i),
});
const empty = () => ({ pixels: new Uint8Array(6), instruction: new Float32Array(3) });

test('gathers rows of different steps until it is full', () => {
  const last = new LastObservations(empty(), 3, 2);
  const [early, late] = [rows(10), rows(40)];
  last.add(2, early.observation, early.state, 5);
  last.add(0, late.observation, late.state, 6);
  expect({ count: last.count, full: last.full }).toEqual({ count: 2, full: false });
  last.add(1, late.observation, late.state, 7);
  expect(last.full).toBe(true);
  expect(last.batch.pixels).toEqual(Uint8Array.of(14, 15, 40, 41, 42, 43));
  expect(last.batch.instruction).toEqual(Float32Array.of(12.5, 40.5, 41.5));
  expect(last.state).toEqual(Float32Array.of(6, 5, 40, 39, 38, 37));
  expect(last.places).toEqual(Int32Array.of(5, 6, 7));
});

test('shows nothing of before in the rows that hold nothing', () => {
  const last = new LastObservations(empty(), 3, 2);
  const [early, late] = [rows(10), rows(40)];
  for (const b of [0, 1, 2]) last.add(b, early.observation, early.state, b);
  last.count = 0;
  last.add(1, late.observation, late.state, 9);
  last.fillUp();
  expect(last.batch.pixels).toEqual(Uint8Array.of(42, 43, 42, 43, 42, 43));
  expect(last.batch.instruction).toEqual(Float32Array.of(41.5, 41.5, 41.5));
  expect(last.state).toEqual(Float32Array.of(38, 37, 38, 37, 38, 37));
  expect(last.count).toBe(1);
});
