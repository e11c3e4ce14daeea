import { DYNAMIC_SIZE, type Graph, type Node, sizeOf, sortedNodes, type Value } from './graph.ts';

/**
 * Floating-point operations of one run as a polynomial in the dynamic dimension: `flops[d]` · Nᵈ, summed over d. A program
 * without that dimension has the first coefficient alone.
 */
export type Flops = readonly number[];

/** Nodes that move numbers and compute none. */
const MOVING = new Set(
  'Cast Concat Expand Flatten Gather GatherND Identity OneHot Pad Reshape Shape Slice Split Squeeze Tile Transpose Unsqueeze'.split(
    ' ',
  ),
);

/** The sizes whose product is the number of operations. */
const OPERATIONS: Readonly<Record<string, (node: Node) => readonly number[]>> = {
  Gemm({ inputs, outputs, attributes }) {
    return [2, ...outputs[0]!.shape, inputs[0]!.shape.at(attributes.transA ? -2 : -1)!];
  },
  MatMul: ({ inputs, outputs }) => [2, ...outputs[0]!.shape, inputs[0]!.shape.at(-1)!],
  /** Each output is a sum over the filter, which is [out, in, height, width]. */
  Conv: ({ inputs, outputs }) => [2, ...outputs[0]!.shape, ...inputs[1]!.shape.slice(1)],
  /** Each input goes into as many outputs as its filter has, which is [in, out, height, width]. */
  ConvTranspose: ({ inputs }) => [2, ...inputs[0]!.shape, ...inputs[1]!.shape.slice(1)],
  Einsum({ inputs, attributes }) {
    const terms = `${attributes.equation}`.split('->')[0]!.split(',');
    const sizes = new Map<string, number>();
    for (const [i, term] of terms.entries())
      for (const [axis, letter] of [...term].entries()) sizes.set(letter, inputs[i]!.shape[axis]!);
    return [terms.length, ...sizes.values()];
  },
  ScatterND: ({ inputs, attributes }) => (attributes.reduction ? inputs[2]!.shape : [0]),
};

/**
 * What a graph computes: two operations for each factor of a sum of products, and one for each element of the largest tensor that
 * any other node reads or writes. Moving numbers counts as nothing.
 */
export function flopsOf(graph: Graph): Flops {
  const flops = [0];
  for (const node of sortedNodes(graph)) {
    if (MOVING.has(node.op)) continue;
    const sizes = OPERATIONS[node.op]?.(node) ?? largest([...node.inputs, ...node.outputs]);
    const { number, degree } = factored(sizes);
    while (flops.length <= degree) flops.push(0);
    flops[degree]! += number;
  }
  return flops;
}

/** @param size of the dynamic dimension */
export const flopsAt = (flops: Flops, size = 0): number =>
  flops.reduceRight((sum, coefficient) => sum * size + coefficient, 0);

const largest = (values: readonly Value[]): readonly number[] =>
  values.map(({ shape }) => shape).reduce((a, b) => (sizeOf(b) > sizeOf(a) ? b : a));

/** A product of sizes without the dynamic dimension, and how often that is a factor. */
function factored(sizes: readonly number[]): { number: number; degree: number } {
  let [number, degree] = [1, 0];
  for (let size of sizes) {
    for (; size !== 0 && size % DYNAMIC_SIZE === 0; size /= DYNAMIC_SIZE) degree += 1;
    number *= size;
  }
  return { number, degree };
}
