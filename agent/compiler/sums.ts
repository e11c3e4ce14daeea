import { type Graph, type Node, sameShape, sortedNodes, type Value } from './graph.ts';

/**
 * Backpropagation through time adds up one matrix product for each step: A₁ᵀB₁ + A₂ᵀB₂ + …, and
 * adding matrices of the size of the weights takes most of the time. The same sum is one product
 * of the concatenated factors: [A₁; A₂; …]ᵀ [B₁; B₂; …].
 */
export function fuseSumsOfProducts(graph: Graph): Graph {
  const uses = new Map<Value, number>();
  const nodes = sortedNodes(graph);
  for (const node of nodes)
    for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);

  const isTransposedProduct = (node: Node | undefined): boolean =>
    node?.op === 'Gemm' && node.attributes.transA === 1 && node.attributes.transB === 0;
  const absorbed = new Set<Value>();

  for (const node of nodes.toReversed()) {
    const sum = node.outputs[0]!;
    if (node.op !== 'Add' || absorbed.has(sum)) continue;
    const products: Node[] = [];
    const rest: Value[] = [];
    const collect = (value: Value, root: boolean): void => {
      const producer = value.producer;
      const ours = root || uses.get(value) === 1;
      if (
        ours &&
        producer?.op === 'Add' &&
        producer.inputs.every((input) => sameShape(input.shape, sum.shape))
      ) {
        absorbed.add(value);
        for (const input of producer.inputs) collect(input, false);
      } else if (ours && isTransposedProduct(producer)) products.push(producer!);
      else rest.push(value);
    };
    collect(sum, true);
    if (products.length < 2) continue;
    const stacked = (side: 0 | 1): Value => {
      const parts = products.map((product) => product.inputs[side]!);
      const rows = parts.reduce((total, part) => total + part.shape[0]!, 0);
      return graph.add(
        'Concat',
        parts,
        { dtype: 'float32', shape: [rows, parts[0]!.shape[1]!] },
        { axis: 0 },
      );
    };
    const product = graph.add('Gemm', [stacked(0), stacked(1)], sum, { transA: 1, transB: 0 });
    const total = rest.reduce((a, b) => graph.add('Add', [a, b], sum), product);
    replace(node, total);
  }
  return graph;
}

/** Makes `node` compute `value`. */
function replace(node: Node, value: Value): void {
  Object.assign(node, { op: 'Identity', inputs: [value], attributes: {} });
}
