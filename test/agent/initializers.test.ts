import fc from 'fast-check';
import seedrandom from 'seedrandom';
import { describe, expect, test } from 'vitest';
import { constant, orthogonal, sideBySide, xavier } from '../../agent/initializers.ts';
import { initialise, layoutOf, type ParameterSpec, views } from '../../agent/parameters.ts';

const shapes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

describe('initial values', () => {
  test('orthogonal: columns, or rows where there are fewer, are orthogonal and as long as the gain', () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(0.01, 1, Math.SQRT2), fc.nat(), (shape, gain, seed) => {
        const values = orthogonal(gain)(shape, seedrandom(String(seed)));
        expect(values).toHaveLength(sizeOf(shape));
        const columns = shape.at(-1)!;
        const rows = sizeOf(shape) / columns;
        const [count, length] = rows >= columns ? [columns, rows] : [rows, columns];
        const at = (i: number, j: number) =>
          rows >= columns ? values[j * columns + i]! : values[i * columns + j]!;
        for (let a = 0; a < count; a++) {
          for (let b = 0; b <= a; b++) {
            let product = 0;
            for (let j = 0; j < length; j++) product += (at(a, j) * at(b, j)) / gain ** 2;
            expect(product).toBeCloseTo(a === b ? 1 : 0, 5);
          }
        }
      }),
      { seed: 5, numRuns: 50 },
    );
  });

  test('side by side: one matrix after the other, as `initial` draws them', () => {
    const draw = () => seedrandom('side by side');
    const one = xavier([4, 3], draw());
    expect(sideBySide(1, xavier)([2, 2, 3], draw())).toEqual(one);
    const two = sideBySide(2, xavier)([2, 2, 6], draw());
    const left = Array.from(two).filter((_, i) => i % 6 < 3);
    expect(left).toEqual([...one]);
    const uniform = draw();
    xavier([4, 3], uniform);
    const right = Array.from(two).filter((_, i) => i % 6 >= 3);
    expect(right).toEqual([...xavier([4, 3], uniform)]);
  });

  test('xavier: uniform within ±√(6 / (inputs + outputs))', () => {
    const values = xavier([30, 20], seedrandom('xavier'));
    const limit = Math.sqrt(6 / 50);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    expect(low).toBeGreaterThanOrEqual(-limit);
    expect(high).toBeLessThanOrEqual(limit);
    expect(high - low).toBeGreaterThan(1.95 * limit);
    const square = values.reduce((sum, v) => sum + v * v, 0) / values.length;
    // The variance of a uniform distribution is (limit²)/3; of 600 numbers its estimate is within a tenth.
    expect(square / (limit ** 2 / 3)).toBeGreaterThan(0.9);
    expect(square / (limit ** 2 / 3)).toBeLessThan(1.1);
  });

  test('constant', () => {
    expect(constant(0.5)([2, 3], () => 0)).toEqual(new Float32Array(6).fill(0.5));
  });
});

describe('parameters', () => {
  const specs: ParameterSpec[] = [
    { name: 'a', shape: [2, 3], initial: xavier },
    { name: 'b', shape: [], initial: constant(7) },
    { name: 'c', shape: [4], initial: orthogonal(2) },
  ];
  const layout = layoutOf(specs);

  test('stand one after the other in one vector', () => {
    expect(layout).toEqual({
      size: 11,
      slots: [
        { name: 'a', shape: [2, 3], offset: 0, size: 6 },
        { name: 'b', shape: [], offset: 6, size: 1 },
        { name: 'c', shape: [4], offset: 7, size: 4 },
      ],
    });
  });

  test('are views: writing to one writes to the vector, and the other way round', () => {
    const vector = new Float32Array(11);
    const { a, b, c } = views(layout, vector);
    b![0] = 3;
    c![3] = 5;
    vector[5] = 9;
    expect([...vector]).toEqual([0, 0, 0, 0, 0, 9, 3, 0, 0, 0, 5]);
    expect(a![5]).toBe(9);
    expect([a, b, c].every((view) => view!.buffer === vector.buffer)).toBe(true);
  });

  test('start from the same numbers for the same seed and from others for another, each by its name alone', () => {
    const draw = (seed: string | number, of = specs) => {
      const vector = new Float32Array(layoutOf(of).size);
      initialise(of, seed, vector);
      return views(layoutOf(of), vector);
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).toEqual(draw('1'));
    expect(draw(1).a).not.toEqual(draw(2).a);
    expect(draw(1).b).toEqual(Float32Array.of(7));
    // A further parameter changes no other's start, so that agents with and without it can be compared.
    expect(draw(1, specs.slice(2)).c).toEqual(draw(1).c);
    const renamed = specs.map((spec) => ({ ...spec, name: `${spec.name}'` }));
    expect(draw(1, renamed)["a'"]).not.toEqual(draw(1).a);
  });
});
