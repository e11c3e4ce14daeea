import {
  assemble,
  assign,
  type Code,
  f32x4,
  f64x2,
  forEachVector,
  joinLow,
  local,
  type,
  upper,
  type WasmFunction,
} from './assembler.ts';

const { add, sub, mul, div, sqrt, promoteLow, demoteToLow, splat } = f64x2;
const { i32, f64, v128 } = type;
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

/** (sum, other, end of sum): sum += other. What is rounded once from float64 is what float32 adds up to. */
function addition(): WasmFunction {
  const [sum, other, end] = [0, 1, 2];
  const both = f32x4.add(f32x4.load(local(sum)), f32x4.load(local(other)));
  return {
    ...{ parameters: times(3, i32), results: [], locals: [] },
    body: forEachVector([sum, other], end, f32x4.store(local(sum), both)),
  };
}

/** (vector, its end) → the sums of the squares of every fourth element, from the first, second, third and fourth on. */
function squares(): WasmFunction {
  const [vector, end, four, pair, low, high] = [0, 1, 2, 3, 4, 5];
  const addSquares = (sum: number, two: Code): Code => [
    ...assign(pair, promoteLow(two)),
    ...assign(sum, add(local(sum), mul(local(pair), local(pair)))),
  ];
  return {
    ...{ parameters: times(2, i32), results: times(4, f64), locals: times(4, v128) },
    body: [
      ...forEachVector([vector], end, [
        ...assign(four, f32x4.load(local(vector))),
        ...addSquares(low, local(four)),
        ...addSquares(high, upper(local(four))),
      ]),
      ...[low, high].flatMap((sum) => [...f64x2.lane(local(sum), 0), ...f64x2.lane(local(sum), 1)]),
    ],
  };
}

/**
 * (parameters, gradient, mean, square, end of parameters, β₁, 1 − β₁, β₂, 1 − β₂, gradient's scale, rate, root's factor, ε): a step of
 * Adam, operation by operation that of `plainLoops`.
 */
function adam(): WasmFunction {
  const addresses = [0, 1, 2, 3] as const;
  const end = 4;
  const scalars = [5, 6, 7, 8, 9, 10, 11, 12];
  const first = end + 1 + scalars.length;
  const numbers = scalars.map((_, i) => first + i);
  const [beta1, rest1, beta2, rest2, scale, rate, root, epsilon] = numbers.map(local) as [
    ...[Code, Code, Code, Code, Code, Code, Code, Code],
  ];
  // As float32, four at a time; as float64, the lower two of them and then the upper two.
  const fours = addresses.map((i) => first + 8 + i);
  const lower = addresses.map((i) => first + 12 + i);
  const higher = addresses.map((i) => first + 16 + i);
  const step = (pairs: readonly number[], half: (four: Code) => Code): Code => {
    const [p, g, m, v] = pairs as [number, number, number, number];
    const [p4, g4, m4, v4] = fours.map((four) => promoteLow(half(local(four)))) as [
      ...[Code, Code, Code, Code],
    ];
    const gradient = local(g);
    return [
      ...assign(g, mul(g4, scale)),
      ...assign(m, add(mul(beta1, m4), mul(rest1, gradient))),
      ...assign(v, add(mul(beta2, v4), mul(mul(rest2, gradient), gradient))),
      ...assign(p, sub(p4, div(mul(rate, local(m)), add(mul(sqrt(local(v)), root), epsilon)))),
    ];
  };
  const changed = [2, 3, 0];
  return {
    parameters: [...times(5, i32), ...times(scalars.length, f64)],
    results: [],
    locals: times(20, v128),
    body: [
      ...numbers.flatMap((one, i) => assign(one, splat(local(scalars[i]!)))),
      ...forEachVector(addresses, end, [
        ...addresses.flatMap((at) => assign(fours[at]!, f32x4.load(local(at)))),
        ...step(lower, (four) => four),
        ...step(higher, upper),
        ...changed.flatMap((at) => {
          const halves = [lower, higher].map((pairs) => demoteToLow(local(pairs[at]!)));
          return f32x4.store(local(at), joinLow(halves[0]!, halves[1]!));
        }),
      ]),
    ],
  };
}

/** The loops of `simdLoops`, as WebAssembly. Every address is of a float32, every range at least one vector long. */
export const simdCode = (): Uint8Array =>
  assemble({ add: addition(), squares: squares(), adam: adam() });
