import { describe, expect, test } from 'vitest';
import type { Env, Observation, StepResult } from '../../env/index.ts';
import { EnvError, Random, register, specs } from '../../env/index.ts';
import { corridor } from './corridor.ts';
import { wrappedSpecs } from './wrappers/wrapped.ts';

for (const spec of [corridor, ...wrappedSpecs]) register(spec);

/** An observation as text: comparing texts is much faster than comparing arrays. */
function text({ pixels, instruction }: Observation): string {
  return `${Buffer.from(pixels).toString('base64')} ${instruction.join()}`;
}

/** Steps of random actions, beginning anew as episodes end, and everything seen. */
function play(world: Env, actions: Random, steps = 50): unknown[] {
  return Array.from({ length: steps }, () => {
    const { observation, ...rest } = world.step(world.actionSpace.sample(actions));
    const over = rest.terminated || rest.truncated;
    const next = over ? text(world.reset().observation) : undefined;
    return { seen: text(observation), ...rest, next };
  });
}

function garbage(world: Env): Observation {
  return {
    pixels: new Uint8Array(world.observationSpace.pixels.length).fill(77),
    instruction: new Float32Array(world.observationSpace.instruction.length).fill(77),
  };
}

describe.each(specs().map((spec) => [spec.id, spec] as const))('%s', (_, spec) => {
  test('the same seed gives two worlds the same fifty steps, another seed others', () => {
    const [one, two, other] = [spec.create(), spec.create(), spec.create()];
    const first = one.reset({ seed: 7 });
    expect(two.reset({ seed: '7' })).toEqual(first);
    other.reset({ seed: 8 });
    const played = play(one, new Random(1), 200);
    expect(play(two, new Random(1), 200)).toEqual(played);
    expect(play(other, new Random(1), 200)).not.toEqual(played);
  });

  test('a reset without a seed goes on with the generator', () => {
    const [one, two] = [spec.create(), spec.create()];
    const starts = (world: Env) => {
      world.reset({ seed: 3 });
      return Array.from({ length: 20 }, () => text(world.reset().observation));
    };
    const seen = starts(one);
    expect(starts(two)).toEqual(seen);
    expect(new Set(seen).size).toBeGreaterThan(1);
  });

  test('first resets without a seed differ from world to world', () => {
    const states = Array.from({ length: 3 }, () => {
      const world = spec.create();
      world.reset();
      return JSON.stringify(world.state());
    });
    expect(new Set(states).size).toBe(3);
  });

  test('observations are in their space and results hold together', () => {
    const world = spec.create();
    const { pixels, instruction } = world.observationSpace;
    const inSpace = (seen: Observation) =>
      pixels.contains(seen.pixels) && instruction.contains(seen.instruction);
    expect(pixels.shape).toHaveLength(3);
    expect(pixels.shape[2]).toBeGreaterThan(0);
    expect(instruction.shape).toHaveLength(1);
    const actions = new Random('actions');
    expect(inSpace(world.reset({ seed: 0 }).observation)).toBe(true);
    let ends = 0;
    for (let i = 0; i < 500; i++) {
      const result: StepResult = world.step(world.actionSpace.sample(actions));
      expect(inSpace(result.observation)).toBe(true);
      expect(Number.isFinite(result.reward)).toBe(true);
      expect(result.terminated && result.truncated).toBe(false);
      const over = result.terminated || result.truncated;
      expect(over || result.info.metrics === undefined).toBe(true);
      if (over) {
        ends++;
        expect(inSpace(world.reset().observation)).toBe(true);
      }
    }
    expect(ends).toBeGreaterThan(1);
  });

  test('writes the whole of the observation it is handed and returns that very object', () => {
    const [into, fresh] = [spec.create(), spec.create()];
    const seen = garbage(into);
    const expected = fresh.reset({ seed: 5 }).observation;
    expect(into.reset({ seed: 5 }, seen).observation).toBe(seen);
    expect(seen).toEqual(expected);
    const another = garbage(into);
    const next = fresh.step(1).observation;
    expect(into.step(1, another).observation).toBe(another);
    expect(another).toEqual(next);
    expect(seen).toEqual(expected);
    const restored = garbage(into);
    expect(spec.create().restore(into.state(), restored)).toBe(restored);
    expect(restored).toEqual(next);
  });

  test('without one it allocates a new observation each time', () => {
    const world = spec.create();
    const first = world.reset({ seed: 5 }).observation;
    const kept = structuredClone(first);
    const second = world.step(0).observation;
    expect(second.pixels.buffer).not.toBe(first.pixels.buffer);
    expect(first).toEqual(kept);
  });

  test('serialised and restored, it goes on as if nothing had happened', () => {
    const world = spec.create();
    world.reset({ seed: 11 });
    for (let round = 0; round < 30; round++) {
      const seen = world.step(0);
      const state = JSON.stringify(world.state());
      const another = spec.create();
      expect(text(another.restore(JSON.parse(state)))).toBe(text(seen.observation));
      expect(Buffer.compare(another.render().pixels, world.render().pixels)).toBe(0);
      expect(JSON.stringify(another.state())).toBe(state);
      if (seen.terminated || seen.truncated) {
        expect(() => another.step(0)).toThrow(EnvError);
        another.reset();
        world.reset();
      }
      expect(play(another, new Random(round), 10)).toEqual(play(world, new Random(round), 10));
    }
  });

  test('renders a picture of the size it says', () => {
    const world = spec.create();
    world.reset({ seed: 1 });
    const { pixels, height, width } = world.render();
    expect(pixels).toBeInstanceOf(Uint8Array);
    expect(pixels).toHaveLength(height * width * 3);
  });

  test('misuse and bad options throw', () => {
    const world = spec.create();
    expect(() => world.step(0)).toThrow(EnvError);
    expect(() => world.state()).toThrow(EnvError);
    world.reset({ seed: 1 });
    for (const action of [-1, 0.5, world.actionSpace.n, Number.NaN]) {
      expect(() => world.step(action)).toThrow(EnvError);
    }
    for (const state of [null, {}, [], 'state'])
      expect(() => world.restore(state)).toThrow(EnvError);
    expect(() => spec.create({ nonsense: 1 })).toThrow('nonsense');
    world.close();
    world.close();
  });

  test('its options carry defaults and descriptions', () => {
    expect(spec.create().options).toEqual(spec.options.parse({}));
    expect(spec.create().spec).toBe(spec);
  });
});
