import { type Graph, type Node, sameShape, sortedNodes, type Value } from './graph.ts';

/**
 * A product to which something is added, A B + C, is one Gemm: it saves a node, and writing and reading the product.
 * C is of the product's shape, or one row of it.
 */
export function addWithinProducts(graph: Graph): Graph {
  const nodes = sortedNodes(graph);
  const uses = new Map<Value, number>();
  for (const node of nodes)
    for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  for (const { value } of graph.outputs) uses.set(value, (uses.get(value) ?? 0) + 1);

  const isOurs = (value: Value): boolean =>
    value.producer?.op === 'Gemm' && value.producer.inputs.length === 2 && uses.get(value) === 1;
  for (const node of nodes) {
    if (node.op !== 'Add') continue;
    const sum = node.outputs[0]!;
    const [a, b] = node.inputs as [Value, Value];
    const fits = (product: Value, other: Value): boolean =>
      isOurs(product) && sameShape(product.shape, sum.shape) && isAddend(other, sum.shape);
    const [product, other] = fits(a, b) ? [a, b] : fits(b, a) ? [b, a] : [];
    if (product && other) become(node, product.producer!, other);
  }
  return graph;
}

/** Whether Gemm takes it as C: the whole matrix, or a row for all. */
function isAddend({ shape }: Value, [rows, columns]: readonly number[]): boolean {
  if (shape.length === 2 && shape[0] === rows && shape[1] === columns) return true;
  return shape.at(-1) === columns && shape.slice(0, -1).every((size) => size === 1);
}

function become(sum: Node, { attributes, inputs }: Node, addend: Value): void {
  Object.assign(sum, { op: 'Gemm', inputs: [...inputs, addend], attributes });
}
