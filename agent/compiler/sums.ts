import { type Graph, type Node, sameShape, sortedNodes, type Value } from './graph.ts';
import { reshape } from './layout.ts';

/** A node that adds up something over rows: its rows and those of another such node can be added up together. */
interface SumOverRows {
  readonly node: Node;
  /** The operands whose rows it adds up. */
  readonly factors: readonly Value[];
  /** Equal for nodes that can be one. */
  readonly kind: string;
}

/**
 * Backpropagation through time adds up one matrix product for each step: A₁ᵀB₁ + A₂ᵀB₂ + …, and
 * adding matrices of the size of the weights takes most of the time. The same sum is one product
 * of the concatenated factors: [A₁; A₂; …]ᵀ [B₁; B₂; …].
 * @param andOfRows whether sums of rows, as biases have for gradients, become one sum of all steps' rows too
 */
export function fuseSumsOfProducts(graph: Graph, { andOfRows = false } = {}): Graph {
  const uses = new Map<Value, number>();
  const nodes = sortedNodes(graph);
  for (const node of nodes)
    for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);

  const steps = stepsOf(nodes);
  const absorbed = new Set<Value>();

  for (const node of nodes.toReversed()) {
    const sum = node.outputs[0]!;
    if (node.op !== 'Add' || absorbed.has(sum)) continue;
    const kinds = new Map<string, SumOverRows[]>();
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
        return;
      }
      const inner = producer?.op === 'Reshape' ? producer.inputs[0]! : value;
      const found = ours && uses.get(inner) === 1 ? sumOverRows(inner.producer) : null;
      if (!found || (found.node.op === 'ReduceSum' && !andOfRows)) rest.push(value);
      else kinds.set(found.kind, [...(kinds.get(found.kind) ?? []), found]);
    };
    collect(sum, true);
    const several = [...kinds.values()].filter(({ length }) => length > 1);
    if (several.length === 0) continue;
    const single = [...kinds.values()].filter(({ length }) => length === 1);
    const terms = [
      ...several.map((members) => reshape(graph, fused(graph, members, steps), sum.shape)),
      ...single.map(([one]) => reshape(graph, one!.node.outputs[0]!, sum.shape)),
      ...rest,
    ];
    replace(
      node,
      terms.reduce((a, b) => graph.add('Add', [a, b], sum)),
    );
  }
  return graph;
}

function sumOverRows(node: Node | undefined): SumOverRows | null {
  if (node?.op === 'Gemm' && node.attributes.transA === 1 && node.attributes.transB === 0) {
    const [left, right] = node.inputs as [Value, Value];
    // Products with parts of the same whole need no concatenation.
    const kind = `${left.shape[1]} ${right.shape[1]} ${wholeOf(left) || wholeOf(right)}`;
    return { node, factors: [left, right], kind };
  }
  if (node?.op === 'ReduceSum') {
    const [x, axes] = node.inputs as [Value, Value];
    const isOverRows = axes.data?.some((axis: number | bigint) => Number(axis) === 0);
    if (!isOverRows || x.shape.length < 2) return null;
    const kind = `${x.dtype} ${x.shape.slice(1)} ${axes.name} ${wholeOf(x)}`;
    return { node, factors: [x], kind };
  }
  return null;
}

/** A name of what the value is a part of, if it is one. */
function wholeOf(value: Value): string {
  const part = partOf(value);
  return part ? part.split.outputs[0]!.name : '';
}

/** Which part of a split of rows the value is, if it is one. */
function partOf(value: Value): { split: Node; at: number } | null {
  const node = value.producer;
  if (node?.op !== 'Split' || node.attributes.axis !== 0) return null;
  return { split: node, at: node.outputs.indexOf(value) };
}

/** The steps that factors belong to: parts of wholes to their own, others to those of the parts that they are multiplied by. */
function stepsOf(nodes: readonly Node[]): Map<Value, number> {
  const steps = new Map<Value, number>();
  for (const node of nodes) {
    const factors = sumOverRows(node)?.factors ?? [];
    const own = factors.map((factor) => partOf(factor)?.at);
    const step = own.find((at) => at !== undefined);
    if (step === undefined) continue;
    for (const [side, factor] of factors.entries()) steps.set(factor, own[side] ?? step);
  }
  return steps;
}

/** What the members add up to, by one node, in the order of their steps. */
function fused(
  graph: Graph,
  members: readonly SumOverRows[],
  steps: ReadonlyMap<Value, number>,
): Value {
  const stepOf = ({ factors }: SumOverRows): number => steps.get(factors[0]!) ?? -1;
  const ordered = members.toSorted((a, b) => stepOf(a) - stepOf(b));
  const { op, inputs, outputs, attributes } = ordered[0]!.node;
  const factors = ordered[0]!.factors.map((_, side) =>
    stacked(
      graph,
      ordered.map((member) => member.factors[side]!),
    ),
  );
  const operands = [...factors, ...inputs.slice(factors.length)];
  return graph.add(op, operands, outputs[0]!, { ...attributes });
}

/** The rows of all parts: a whole that was split into them, or a concatenation. */
function stacked(graph: Graph, parts: readonly Value[]): Value {
  const split = partOf(parts[0]!)?.split;
  if (split?.outputs.length === parts.length && parts.every((part, t) => part === split.outputs[t]))
    return split.inputs[0]!;
  const rows = parts.reduce((total, part) => total + part.shape[0]!, 0);
  const { dtype, shape } = parts[0]!;
  return graph.add('Concat', parts, { dtype, shape: shape.with(0, rows) }, { axis: 0 });
}

/** Makes `node` compute `value`. */
function replace(node: Node, value: Value): void {
  Object.assign(node, { op: 'Identity', inputs: [value], attributes: {} });
}
