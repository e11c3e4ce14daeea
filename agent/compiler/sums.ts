import { type Graph, type Node, sameShape, sortedNodes, type Value } from './graph.ts';
import { reshape } from './layout.ts';

/** A node that adds up something over rows: its rows and those of another such node can be added up together. */
interface SumOverRows {
  readonly node: Node;
  /** The operands whose rows it adds up. */
  readonly factors: readonly Value[];
  /** Equal for nodes that can be one. */
  readonly kind: string;
  /** What a factor is a part of, if it is one: products with parts of the same whole need no concatenation. */
  readonly whole: string;
}

/** A term of a sum; `own` if nothing else needs it. */
interface Term {
  readonly value: Value;
  readonly own: boolean;
}

/**
 * Backpropagation through time adds up one matrix product for each step: A₁ᵀB₁ + A₂ᵀB₂ + …, and
 * adding matrices of the size of the weights takes most of the time. The same sum is one product
 * of the concatenated factors: [A₁; A₂; …]ᵀ [B₁; B₂; …].
 * @param all whether factors that are parts of a whole are put together in their order there, which needs no concatenation, and whether
 *   other sums become smaller too: sums of rows, which are the gradients of biases, and multiples of the same factor,
 *   A₁ ⊙ C + A₂ ⊙ C + … = (A₁ + A₂ + …) ⊙ C
 */
export function fuseSumsOfProducts(graph: Graph, { all = false } = {}): Graph {
  const uses = new Map<Value, number>();
  const nodes = sortedNodes(graph);
  for (const node of nodes)
    for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);

  const steps = all ? stepsOf(nodes) : new Map<Value, number>();
  const absorbed = new Set<Value>();

  /** What is added up where `value` is a sum: sums within it are taken apart. */
  const termsOf = (value: Value, { shape }: Value, isRoot = false): Term[] => {
    const producer = value.producer;
    const own = isRoot || uses.get(value) === 1;
    const isSum = own && producer?.op === 'Add';
    if (!isSum || !producer.inputs.every((input) => sameShape(input.shape, shape)))
      return [{ value, own }];
    absorbed.add(value);
    return producer.inputs.flatMap((input) => termsOf(input, { ...value, shape }));
  };

  /** The sum of the terms, if fewer nodes compute it. */
  const total = (terms: readonly Term[], sum: Value, within = false): Value | null => {
    const kinds = new Map<string, SumOverRows[]>();
    const multiples = new Map<Value, Value[]>();
    const rest: Value[] = [];
    const factors = all ? commonFactors(terms, sum) : new Map<Value, Value>();
    for (const { value, own } of terms) {
      const factor = factors.get(value);
      const inner = all && value.producer?.op === 'Reshape' ? value.producer.inputs[0]! : value;
      // What several multiples of a product need is one product after all, as their sums are.
      const found = within || (own && uses.get(inner) === 1) ? sumOverRows(inner.producer) : null;
      if (factor) multiples.set(factor, [...(multiples.get(factor) ?? []), value]);
      else if (!found || (found.node.op === 'ReduceSum' && !all)) rest.push(value);
      else {
        const kind = all ? `${found.kind} ${found.whole}` : found.kind;
        kinds.set(kind, [...(kinds.get(kind) ?? []), found]);
      }
    }
    for (const [factor, of] of multiples) {
      if (of.length > 1) continue;
      multiples.delete(factor);
      rest.push(...of);
    }
    const several = [...kinds.values()].filter(({ length }) => length > 1);
    if (several.length + multiples.size === 0) return null;
    const single = [...kinds.values()].filter(({ length }) => length === 1);
    const add = (values: readonly Value[]): Value =>
      values.reduce((a, b) => graph.add('Add', [a, b], sum));
    return add([
      ...several.map((members) => reshape(graph, fused(graph, members, steps), sum.shape)),
      ...single.map(([one]) => reshape(graph, one!.node.outputs[0]!, sum.shape)),
      ...[...multiples].map(([factor, of]) => {
        const others = of.map((value) => otherFactor(value, factor));
        const inner = others.flatMap((other) => termsOf(other, sum));
        return graph.add('Mul', [total(inner, sum, true) ?? add(others), factor], sum);
      }),
      ...rest,
    ]);
  };

  for (const node of nodes.toReversed()) {
    const sum = node.outputs[0]!;
    if (node.op !== 'Add' || absorbed.has(sum)) continue;
    const fewer = total(termsOf(sum, sum, true), sum);
    if (fewer) replace(node, fewer);
  }
  return graph;
}

/** For products of elements among the terms, a factor that several of them have; the others have the shape of the sum. */
function commonFactors(terms: readonly Term[], sum: Value): Map<Value, Value> {
  const candidates = terms.flatMap(({ value, own }) =>
    own && value.producer?.op === 'Mul'
      ? [...new Set(value.producer.inputs)]
          .filter((factor) => sameShape(otherFactor(value, factor).shape, sum.shape))
          .map((factor) => ({ value, factor }))
      : [],
  );
  const counts = new Map<Value, number>();
  for (const { factor } of candidates) counts.set(factor, (counts.get(factor) ?? 0) + 1);
  const chosen = new Map<Value, Value>();
  for (const { value, factor } of candidates) {
    const most = counts.get(chosen.get(value)!) ?? 1;
    if (counts.get(factor)! > most) chosen.set(value, factor);
  }
  return chosen;
}

function otherFactor(product: Value, factor: Value): Value {
  const [a, b] = product.producer!.inputs as [Value, Value];
  return a === factor ? b : a;
}

function sumOverRows(node: Node | undefined): SumOverRows | null {
  if (node?.op === 'Gemm' && node.attributes.transA === 1 && node.attributes.transB === 0) {
    const [left, right] = node.inputs as [Value, Value];
    const kind = `${left.shape[1]} ${right.shape[1]}`;
    return { node, factors: [left, right], kind, whole: wholeOf(left) || wholeOf(right) };
  }
  if (node?.op === 'ReduceSum') {
    const [x, axes] = node.inputs as [Value, Value];
    const isOverRows = axes.data?.some((axis: number | bigint) => Number(axis) === 0);
    if (!isOverRows || x.shape.length < 2) return null;
    const kind = `${x.dtype} ${x.shape.slice(1)} ${axes.name}`;
    return { node, factors: [x], kind, whole: wholeOf(x) };
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
