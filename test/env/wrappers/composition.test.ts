import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Env, EnvVector, type Observation, TimedGrid } from '../../../env/index.ts';
import { Corridor } from '../corridor.ts';
import { wrappers } from './wrapped.ts';

const worlds: Readonly<Record<string, () => Env>> = {
  corridor: () => new Corridor(),
  grid: () => new TimedGrid({ size: 3, pixels: 5, timeMin: 1, timeMax: 3, slack: 2 }),
};

/** Any wrappers in any order; what is no longer in colours cannot be made grey again. */
const chains = fc
  .array(fc.constantFrom(...Object.keys(wrappers)), { maxLength: 6 })
  .map((names) => names.filter((name, i) => name !== 'Grayscale' || names.indexOf(name) === i));

const plays = fc.record({
  world: fc.constantFrom(...Object.keys(worlds)),
  chain: chains,
  B: fc.integer({ min: 1, max: 3 }),
  actions: fc.array(fc.array(fc.nat(1), { minLength: 3, maxLength: 3 }), {
    minLength: 1,
    maxLength: 25,
  }),
  cut: fc.nat(),
  seed: fc.nat(),
});

const text = ({ pixels, instruction }: Observation): string => `${pixels} | ${instruction}`;

/** A world stepped on its own, begun again as its episodes end, and everything that it said. */
function alone(env: Env, seed: number, actions: readonly number[]) {
  const first = text(env.reset({ seed }).observation);
  const steps = actions.map((action) => {
    const { observation, info, ...rest } = env.step(action);
    const over = rest.terminated || rest.truncated;
    const shown = over ? env.reset().observation : observation;
    return { ...rest, shown: text(shown), last: over ? [text(observation), info] : null };
  });
  return { first, steps };
}

test('wrapped in any way, a vector of worlds is what they are alone, also after it is restored', () => {
  let ends = 0;
  fc.assert(
    fc.property(plays, ({ world, chain, B, actions, cut, seed }) => {
      const make = (): Env => chain.reduce((env, name) => wrappers[name]!(env), worlds[world]!());
      const several = () => new EnvVector(Array.from({ length: B }, make));
      const expected = Array.from({ length: B }, (_, i) =>
        alone(
          make(),
          seed + i,
          actions.map((row) => row[i]!),
        ),
      );
      let vector = several();
      const [P, k] = [
        vector.observationSpace.pixels.length,
        vector.observationSpace.instruction.length,
      ];
      const row = ({ pixels, instruction }: Observation, i: number): string =>
        text({
          pixels: pixels.subarray(i * P, (i + 1) * P),
          instruction: instruction.subarray(i * k, (i + 1) * k),
        });
      const batch = vector.allocate();
      vector.reset({ seeds: Array.from({ length: B }, (_, i) => seed + i) }, batch);
      for (let i = 0; i < B; i++) expect(row(batch, i)).toBe(expected[i]!.first);
      for (const [t, chosen] of actions.entries()) {
        vector.step(Int32Array.from(chosen.slice(0, B)), batch);
        for (let i = 0; i < B; i++) {
          const over = Boolean(vector.terminated[i]! | vector.truncated[i]!);
          if (over) ends++;
          const { reward, ...wanted } = expected[i]!.steps[t]!;
          expect(vector.reward[i]).toBe(Math.fround(reward));
          expect({
            terminated: vector.terminated[i] === 1,
            truncated: vector.truncated[i] === 1,
            shown: row(batch, i),
            last: over ? [row(vector.finalObservation, i), vector.finalInfo[i]] : null,
          }).toEqual(wanted);
        }
        if (t !== cut % actions.length) continue;
        const state = JSON.stringify(vector.state());
        vector = several();
        const restored = vector.allocate();
        vector.restore(JSON.parse(state), restored);
        expect(text(restored)).toBe(text(batch));
        expect(JSON.stringify(vector.state())).toBe(state);
      }
    }),
    { numRuns: 150, seed: 4 },
  );
  expect(ends).toBeGreaterThan(200);
});

test('a wrapped world passes on what it does not change, and says what it is wrapped in', () => {
  fc.assert(
    fc.property(chains, (chain) => {
      const inside = new TimedGrid({ size: 4, pixels: 8 });
      const env = chain.reduce<Env>((inner, name) => wrappers[name]!(inner), inside);
      expect(env.options).toBe(inside.options);
      expect(env.spec).toBe(inside.spec);
      expect(env.actionSpace).toBe(inside.actionSpace);
      expect(env.number).toMatchObject({ option: 'time', trained: [5, 12] });
      env.reset({ seed: 3, options: { time: 40 } });
      expect(env.render()).toEqual(inside.render());
      expect(env.position!()).toEqual(inside.position());
      expect(() => env.reset({ options: { tiem: 4 } })).toThrow('did you mean "time"');
    }),
    { numRuns: 40, seed: 5 },
  );
});
