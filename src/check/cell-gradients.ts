import { type CellParameters, type CellSubject, concat } from './cell-subject.ts';
import { short } from './near.ts';

/** How far a gradient may be from the slope, as a share of them. */
const TOLERANCE = 0.03;
/** Rounding errors of a float32, as a share of y. */
const NOISE = 32 * 2 ** -24;
/** Share of the slope that rounding errors may make up. */
const NOISE_IN_SLOPE = 0.01;
const ROUNDS = 3;

/** The sizes of inputs in turn. A slope at tiny ones is hidden by rounding errors where y is large, so some are all tiny. */
const KINDS: readonly (readonly number[])[] = [
  [3, 2, 1],
  [-3, 2, -1],
  [0, 2, -1],
  [1e-6, -1e-6, 2],
  [1e-6, -2e-6, 3e-6],
  [0, 0, 0],
];

/** One number that can be moved: of a parameter, or of x. */
interface Place {
  /** null for x */
  readonly name: string | null;
  readonly index: number;
}

/** Slopes to both sides at each place. */
interface Slopes {
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/**
 * Compares gradients with the slopes on both sides, at a distance so small that a kink or a pole nearby does not matter, yet large
 * enough for float32: between the two slopes a gradient is right, wherever there is a kink.
 */
export async function gradientProblem(subject: CellSubject): Promise<string | undefined> {
  const { I, O, specs } = subject;
  const seen = new Set<string>();
  for (const [k, kind] of KINDS.entries()) {
    const parameters = subject.drawn(k);
    const x = subject.floats(I, 0.3, 1).map((value, i) => {
      const size = kind[i % kind.length]!;
      return Math.abs(size) < 1 ? size : value * size;
    });
    const weights = subject.floats(O, 0.5, 1).map((value, o) => (o % 2 ? -value : value));
    const places = placesOf(parameters, x);
    const { gradients } = await subject.gradients([parameters], x, weights, 0);
    const computed = concat([...Object.keys(parameters), 'x'].map((name) => gradients[name]!));
    const slopes = await slopesOf(subject, { parameters, x, weights, places }, computed);
    for (const [p, { name, index }] of places.entries()) {
      const [gradient, left, right] = [computed[p]!, slopes.left[p]!, slopes.right[p]!];
      if (name !== null && (gradient !== 0 || left !== 0 || right !== 0)) seen.add(name);
      const low = Math.min(left - slopes.leftSlack[p]!, right - slopes.rightSlack[p]!);
      const high = Math.max(left + slopes.leftSlack[p]!, right + slopes.rightSlack[p]!);
      if (gradient >= low && gradient <= high) continue;
      const what = `${name ?? 'x'}[${index}]`;
      return `for x = ${[...x].map(short).join(', ')} the gradient by ${what} is ${short(gradient)}, but the slope is ${short(left)} to its left and ${short(right)} to its right`;
    }
  }
  // A weight that shares out one input has nothing to share.
  const unused = I > 1 && specs.find(({ name }) => !seen.has(name));
  return unused ? `y does not depend on ${unused.name}` : undefined;
}

function placesOf(parameters: CellParameters, x: Float32Array): Place[] {
  const all = [...Object.entries(parameters), [null, x] as const];
  return all.flatMap(([name, values]) => [...values.keys()].map((index) => ({ name, index })));
}

interface Point {
  readonly parameters: CellParameters;
  readonly x: Float32Array;
  readonly weights: Float32Array;
  readonly places: readonly Place[];
}

/** The distances at which slopes are taken follow from the slopes, so they are taken some times. */
async function slopesOf(
  subject: CellSubject,
  point: Point,
  computed: Float32Array,
): Promise<Slopes & { leftSlack: Float64Array; rightSlack: Float64Array }> {
  const { parameters, x, weights, places } = point;
  const { y } = await subject.answer(parameters, x);
  const noise = NOISE * y.reduce((sum, value, o) => sum + Math.abs(value * weights[o]!), 0);
  const scales = Float64Array.from(computed, Math.abs);
  let distances = new Float64Array(places.length);
  let far: Slopes = { left: distances, right: distances };
  for (let round = 0; round < ROUNDS; round += 1) {
    distances = Float64Array.from(places, (place, p) => {
      const wanted = noise === 0 ? 0 : noise / (NOISE_IN_SLOPE * scales[p]!);
      const [least, greatest] = distanceLimits(valueAt(point, place), place.name === null);
      return Math.max(least, Math.min(wanted, greatest));
    });
    far = await measure(subject, point, distances);
    for (const p of places.keys()) {
      scales[p] = Math.max(scales[p]!, Math.abs(far.left[p]!), Math.abs(far.right[p]!));
    }
  }
  const near = await measure(
    subject,
    point,
    distances.map((distance) => distance / 2),
  );
  const slack = (one: Float64Array, other: Float64Array) =>
    scales.map((scale, p) => {
      const curvature = 3 * Math.abs(one[p]! - other[p]!);
      return TOLERANCE * scale + (4 * noise) / distances[p]! + curvature;
    });
  return {
    ...near,
    leftSlack: slack(near.left, far.left),
    rightSlack: slack(near.right, far.right),
  };
}

/** A distance that changes the float32, and one that crosses no kink at zero. */
function distanceLimits(value: number, isInput: boolean): [least: number, greatest: number] {
  const size = Math.abs(value);
  const least = size * 2 ** -18 || 1e-10;
  if (!isInput) return [least, 1e-3 * Math.max(size, 1)];
  return [least, size === 0 ? 1e-8 : size / 100];
}

const valueAt = ({ parameters, x }: Point, { name, index }: Place): number =>
  (name === null ? x : parameters[name]!)[index]!;

/** Moves each place by its distance, to the left and to the right: each a model of one batch. */
async function measure(
  subject: CellSubject,
  point: Point,
  distances: Float64Array,
): Promise<Slopes> {
  const { parameters, x, weights, places } = point;
  const models: CellParameters[] = [parameters];
  const inputs: Float32Array[] = [x];
  const moves: number[] = [];
  for (const [p, { name, index }] of places.entries()) {
    for (const direction of [-1, 1]) {
      const values = (name === null ? x : parameters[name]!).slice();
      const before = values[index]!;
      values[index] = before + direction * distances[p]!;
      moves.push(values[index]! - before);
      models.push(name === null ? parameters : { ...parameters, [name]: values });
      inputs.push(name === null ? values : x);
    }
  }
  const { y } = await subject.answers(models, concat(inputs));
  const { O } = subject;
  const change = (model: number): number =>
    weights.reduce((sum, weight, o) => sum + weight * (y[model * O + o]! - y[o]!), 0);
  const slope = (move: number): number => change(move + 1) / moves[move]!;
  return {
    left: Float64Array.from(places, (_, p) => slope(2 * p)),
    right: Float64Array.from(places, (_, p) => slope(2 * p + 1)),
  };
}
