import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BatchObservation, Env, Info, Observation } from '../../env/index.ts';
import { EnvError, EnvVector, OptionError, TimedGrid } from '../../env/index.ts';
import { Corridor } from './corridor.ts';

const makers: Record<string, () => Env> = {
  grid: () => new TimedGrid({ size: 2, pixels: 5, slack: 2, timeMin: 2, timeMax: 4 }),
  corridor: () => new Corridor({ length: 3 }),
};

const several = (make: () => Env, count: number) => Array.from({ length: count }, make);

function row({ pixels, instruction }: BatchObservation, i: number, worlds: number): Observation {
  const [p, k] = [pixels.length / worlds, instruction.length / worlds];
  return {
    pixels: pixels.slice(i * p, (i + 1) * p),
    instruction: instruction.slice(i * k, (i + 1) * k),
  };
}

/** What one world goes through, stepped alone and reset by hand. */
function alone(world: Env, seed: number, actions: readonly number[]) {
  const first = world.reset({ seed }).observation;
  let episodeReturn = 0;
  let episodeLength = 0;
  const steps = actions.map((action) => {
    const { observation, reward, terminated, truncated, info } = world.step(action);
    episodeReturn += reward;
    episodeLength++;
    const ended = terminated || truncated;
    const end:
      | { final: Observation; info: Info; episodeReturn: number; episodeLength: number }
      | undefined = ended ? { final: observation, info, episodeReturn, episodeLength } : undefined;
    const next = ended ? world.reset().observation : observation;
    if (ended) episodeReturn = episodeLength = 0;
    return { observation: next, reward, terminated, truncated, end };
  });
  return { first, steps };
}

/** The same of world `i` of a vector after a step. */
function seen(vector: EnvVector, batch: BatchObservation, i: number) {
  const B = vector.worlds.length;
  const ended = vector.terminated[i] === 1 || vector.truncated[i] === 1;
  expect(vector.finalInfo[i] !== undefined).toBe(ended);
  return {
    observation: row(batch, i, B),
    reward: vector.reward[i],
    terminated: vector.terminated[i] === 1,
    truncated: vector.truncated[i] === 1,
    end: ended
      ? {
          final: row(vector.finalObservation, i, B),
          info: vector.finalInfo[i],
          episodeReturn: vector.episodeReturn[i],
          episodeLength: vector.episodeLength[i],
        }
      : undefined,
  };
}

const plays = fc
  .record({
    world: fc.constantFrom(...Object.keys(makers)),
    B: fc.integer({ min: 1, max: 4 }),
    T: fc.integer({ min: 1, max: 30 }),
    slots: fc.integer({ min: 1, max: 3 }),
    cut: fc.nat(),
    seed: fc.nat(),
  })
  .chain((play) =>
    fc.record({
      play: fc.constant(play),
      actions: fc.array(
        fc.array(fc.nat(makers[play.world]!().actionSpace.n - 1), {
          minLength: play.B,
          maxLength: play.B,
        }),
        { minLength: play.T, maxLength: play.T },
      ),
    }),
  );

describe('with autoreset', () => {
  test('it is what its worlds are when stepped one by one, also after it is restored', () => {
    let ends = 0;
    fc.assert(
      fc.property(plays, ({ play: { world, B, T, slots, cut, seed }, actions }) => {
        const make = makers[world]!;
        const expected = Array.from({ length: B }, (_, i) =>
          alone(
            make(),
            seed + i,
            actions.map((row) => row[i]!),
          ),
        );
        let vector = new EnvVector(several(make, B));
        const batches = Array.from({ length: slots }, () => {
          const batch = vector.allocate();
          batch.pixels.fill(99);
          batch.instruction.fill(99);
          return batch;
        });
        vector.reset({ seeds: Array.from({ length: B }, (_, i) => seed + i) }, batches[0]!);
        for (let i = 0; i < B; i++) expect(row(batches[0]!, i, B)).toEqual(expected[i]!.first);
        for (let t = 0; t < T; t++) {
          const batch = batches[(t + 1) % slots]!;
          vector.step(Int32Array.from(actions[t]!), batch);
          for (let i = 0; i < B; i++) {
            const now = seen(vector, batch, i);
            if (now.end !== undefined) ends++;
            expect(now).toEqual(expected[i]!.steps[t]);
          }
          if (t === cut % T) {
            const state = JSON.parse(JSON.stringify(vector.state()));
            vector = new EnvVector(several(make, B));
            const restored = vector.allocate();
            vector.restore(state, restored);
            expect(restored).toEqual(batch);
            expect(vector.state()).toEqual(state);
          }
        }
      }),
      { numRuns: 200, seed: 2 },
    );
    expect(ends).toBeGreaterThan(200);
  });

  test('batches are not aliased: a step writes its own batch and no other', () => {
    const vector = new EnvVector(several(makers.grid!, 3));
    const [one, two] = [vector.allocate(), vector.allocate()];
    vector.reset({ seeds: [1, 2, 3] }, one);
    const kept = structuredClone(one);
    for (let t = 0; t < 20; t++) {
      vector.step(Uint8Array.of(t % 5, (t + 1) % 5, (t + 2) % 5), two);
      expect(one).toEqual(kept);
      expect(vector.finalObservation.pixels.buffer).not.toBe(two.pixels.buffer);
    }
    expect(two).not.toEqual(kept);
  });

  test('the slots of a rollout are written in place', () => {
    const vector = new EnvVector(several(makers.grid!, 2));
    const { pixels, instruction } = vector.allocate();
    const rollout = {
      pixels: new Uint8Array(3 * pixels.length),
      instruction: new Float32Array(3 * instruction.length),
    };
    const slots = [0, 1, 2].map((t) => ({
      pixels: rollout.pixels.subarray(t * pixels.length, (t + 1) * pixels.length),
      instruction: rollout.instruction.subarray(t * 2, t * 2 + 2),
    }));
    vector.reset({ seeds: [1, 2] }, slots[0]!);
    vector.step(Uint8Array.of(4, 4), slots[2]!);
    expect(slots[2]).toEqual(slots[0]);
    expect(rollout.pixels.subarray(pixels.length, 2 * pixels.length).every((v) => v === 0)).toBe(
      true,
    );
  });

  test('another instruction array with the same pixels is another batch', () => {
    const vector = new EnvVector(several(makers.grid!, 2));
    const one = vector.allocate();
    const two = { pixels: one.pixels, instruction: new Float32Array(2) };
    vector.reset({ seeds: [1, 2] }, one);
    vector.step(Uint8Array.of(4, 4), two);
    expect(two.instruction).toEqual(one.instruction);
  });

  test('options hold for the first episode of every world', () => {
    const vector = new EnvVector(several(makers.grid!, 2));
    const batch = vector.allocate();
    vector.reset({ seeds: [1, 2], options: { time: 50 } }, batch);
    expect([...batch.instruction]).toEqual([50, 50]);
    for (let t = 1; t < 52; t++) vector.step(Uint8Array.of(4, 4), batch);
    expect([...vector.truncated]).toEqual([0, 0]);
    vector.step(Uint8Array.of(4, 4), batch);
    expect([...vector.truncated]).toEqual([1, 1]);
    expect([...vector.finalObservation.instruction]).toEqual([50, 50]);
    expect(Math.max(...batch.instruction)).toBeLessThanOrEqual(4);
  });
});

describe('without autoreset', () => {
  const begin = () => {
    const vector = new EnvVector(several(makers.grid!, 2), { autoreset: false });
    const batch = vector.allocate();
    vector.resetAt(0, { seed: 1, options: { time: 1 } }, batch);
    vector.resetAt(1, { seed: 2, options: { time: 9 } }, batch);
    return { vector, batch };
  };
  const pass = Uint8Array.of(4, 4);

  test('an ended world stays put, shows its last observation and pays nothing, until it is reset', () => {
    const { vector, batch } = begin();
    expect([...batch.instruction]).toEqual([1, 9]);
    for (let t = 0; t < 3; t++) vector.step(pass, batch);
    expect([...vector.truncated]).toEqual([1, 0]);
    expect([...vector.ended]).toEqual([1, 0]);
    expect(vector.episodeLength[0]).toBe(3);
    const last = row(vector.finalObservation, 0, 2);
    const other = vector.allocate();
    for (let t = 0; t < 3; t++) {
      vector.step(pass, other);
      expect([...vector.truncated, ...vector.terminated, ...vector.reward]).toEqual(
        Array(6).fill(0),
      );
      expect(vector.finalInfo[0]).toBeUndefined();
      expect(row(other, 0, 2)).toEqual(last);
      expect(vector.episodeLength[0]).toBe(3);
    }
    const neighbour = row(other, 1, 2);
    vector.resetAt(0, { seed: 3, options: { time: 2 } }, other);
    expect([...vector.ended]).toEqual([0, 0]);
    expect(other.instruction[0]).toBe(2);
    expect(row(other, 1, 2)).toEqual(neighbour);
    for (let t = 0; t < 4; t++) vector.step(pass, other);
    expect([...vector.truncated]).toEqual([1, 0]);
    expect(vector.episodeLength[0]).toBe(4);
    vector.step(pass, other);
    expect([...vector.truncated]).toEqual([0, 1]);
    expect(vector.episodeLength[1]).toBe(11);
  });

  test('a restored world that had ended stays put', () => {
    const { vector, batch } = begin();
    for (let t = 0; t < 3; t++) vector.step(pass, batch);
    const again = new EnvVector(several(makers.grid!, 2), { autoreset: false });
    const restored = again.allocate();
    again.restore(JSON.parse(JSON.stringify(vector.state())), restored);
    expect(restored).toEqual(batch);
    const next = again.allocate();
    again.step(pass, next);
    expect(row(next, 0, 2)).toEqual(row(batch, 0, 2));
    expect([...again.ended]).toEqual([1, 0]);
    for (let t = 0; t < 7; t++) again.step(pass, next);
    expect(again.episodeLength[1]).toBe(11);
  });
});

describe('misuse', () => {
  const B = 3;
  const begun = () => {
    const vector = new EnvVector(several(makers.grid!, B));
    const batch = vector.allocate();
    vector.reset({ seeds: [1, 2, 3] }, batch);
    return { vector, batch };
  };

  test('stepping a world before its reset', () => {
    const vector = new EnvVector(several(makers.grid!, B));
    const batch = vector.allocate();
    expect(() => vector.step(new Uint8Array(B), batch)).toThrow('world 0 must be reset');
    vector.resetAt(0, { seed: 1 }, batch);
    expect(() => vector.step(new Uint8Array(B), batch)).toThrow('world 1 must be reset');
  });

  test('an action out of range, before any world has moved', () => {
    const { vector, batch } = begun();
    const before = vector.state();
    expect(() => vector.step(Int32Array.of(4, 4, 5), batch)).toThrow(
      'world 2 takes an action from 0 to 4, not 5',
    );
    expect(() => vector.step(Int32Array.of(4, -1, 4), batch)).toThrow('world 1');
    expect(vector.state()).toEqual(before);
  });

  test('arrays of another size', () => {
    const { vector, batch } = begun();
    const { pixels, instruction } = batch;
    expect(() => vector.step(new Uint8Array(2), batch)).toThrow('3 worlds take 3 actions, not 2');
    const short = { pixels: pixels.subarray(1), instruction };
    expect(() => vector.step(new Uint8Array(B), short)).toThrow('has 225 elements, not 224');
    const long = { pixels, instruction: new Float32Array(4) };
    expect(() => vector.reset({}, long)).toThrow('the instruction of a batch of 3 worlds has 3');
    expect(() => vector.reset({ seeds: [1] }, batch)).toThrow('3 worlds take as many seeds, not 1');
    expect(() => vector.resetAt(3, {}, batch)).toThrow('numbered 0 to 2; none is 3');
  });

  test('options that the world does not have', () => {
    const { vector, batch } = begun();
    expect(() => vector.reset({ options: { tim: 4 } }, batch)).toThrow(OptionError);
  });

  test('worlds that do not go together', () => {
    expect(() => new EnvVector([])).toThrow('at least one world');
    const world = new TimedGrid();
    expect(() => new EnvVector([world, world])).toThrow('another object');
    expect(() => new EnvVector([world, new TimedGrid({ pixels: 57 })])).toThrow(
      'world 1 has other spaces than world 0',
    );
    expect(() => new EnvVector([world, new Corridor()])).toThrow(EnvError);
  });

  test('a state of another vector', () => {
    const { vector, batch } = begun();
    const fewer = new EnvVector(several(makers.grid!, 2));
    fewer.reset({}, fewer.allocate());
    expect(() => vector.restore(fewer.state(), batch)).toThrow(
      'not the state of a vector of 3 worlds',
    );
    expect(() => vector.restore({}, batch)).toThrow(EnvError);
    expect(() => new EnvVector([new TimedGrid()]).state()).toThrow(EnvError);
  });

  test('a world that does not write where it is told to', () => {
    class Stubborn extends Corridor {
      override step(action: number) {
        return super.step(action);
      }
    }
    const vector = new EnvVector([new Corridor(), new Stubborn()]);
    const batch = vector.allocate();
    vector.reset({ seeds: [1, 2] }, batch);
    expect(() => vector.step(Uint8Array.of(0, 0), batch)).toThrow(
      /^Corridor-v0 failed at step 1 of an episode \(world 1 of 2\): .* \(rule into-returned: /,
    );
  });
});

test('closing closes every world', () => {
  const closed: number[] = [];
  const worlds = several(makers.corridor!, 3);
  worlds.forEach((world, i) => {
    world.close = () => closed.push(i);
  });
  new EnvVector(worlds).close();
  expect(closed).toEqual([0, 1, 2]);
});
