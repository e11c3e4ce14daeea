import { EqualRows } from './equal-rows.ts';
import { type Graph, isDynamic, type Node, sameShape, sortedNodes, type Value } from './graph.ts';
import { reshape } from './layout.ts';
import { type Use, usesOf } from './row-wise.ts';

/** Rows t·B … (t + 1)·B − 1 of a value of T·B rows. */
interface Part {
  readonly whole: Value;
  readonly T: number;
  readonly t: number;
}

/** Nodes that do the same to parts of the same wholes. */
interface Family {
  /** Those found so far, and their steps. */
  readonly members: Map<Node, number>;
  /** What the one node that takes their place computes. */
  wholes?: readonly Value[];
}

/**
 * A program that is unrolled over T steps does the same T times to B rows. Where no step waits for another, one node does it to
 * T·B rows: T equal nodes become one if each takes part t of the same wholes. The first wholes are what the program splits into T.
 */
export function batchSteps(graph: Graph): Graph {
  const nodes = sortedNodes(graph);
  if (nodes.some((node) => stepsOf(node) > 0)) new Batching(graph, nodes).run();
  return graph;
}

/** Into how many equal parts of static size the node splits the rows of its operand; 0 if it does not. */
function stepsOf({ op, attributes, outputs }: Node): number {
  if (op !== 'Split' || attributes.axis !== 0) return 0;
  const { shape } = outputs[0]!;
  const isEqual = outputs.every((output) => sameShape(output.shape, shape));
  return isEqual && !shape.some(isDynamic) ? outputs.length : 0;
}

class Batching {
  readonly #graph: Graph;
  readonly #nodes: readonly Node[];
  readonly #parts = new Map<Value, Part>();
  /** Concatenations of all parts of a whole, which they are equal to. */
  readonly #reunited = new Map<Value, Value>();
  readonly #families = new Map<string, Family>();
  readonly #rows: EqualRows;
  readonly #consumers = new Map<Value, number[]>();
  /** Nodes still to be looked at, by their place in the order. */
  readonly #waiting: boolean[];
  #next = 0;

  constructor(graph: Graph, nodes: readonly Node[]) {
    this.#graph = graph;
    this.#nodes = nodes;
    this.#rows = new EqualRows(graph);
    this.#waiting = nodes.map((node) => stepsOf(node) > 0);
    for (const [place, { inputs }] of nodes.entries()) {
      for (const input of inputs) {
        const places = this.#consumers.get(input);
        if (places) places.push(place);
        else this.#consumers.set(input, [place]);
      }
    }
  }

  run(): void {
    // The first in the order first: what a concatenation is has to be known before it is split again.
    for (this.#next = 0; this.#next < this.#nodes.length; this.#next++) {
      if (!this.#waiting[this.#next]) continue;
      this.#waiting[this.#next] = false;
      this.#look(this.#nodes[this.#next]!);
    }
    this.#rewire();
  }

  #look(node: Node): void {
    const T = stepsOf(node);
    if (T > 0) {
      const whole = this.#reunited.get(node.inputs[0]!) ?? node.inputs[0]!;
      for (const [t, output] of node.outputs.entries()) this.#learn(output, { whole, T, t });
    }
    if (node.op === 'Concat' && node.attributes.axis === 0) this.#reunite(node);
    if (this.#parts.has(node.outputs[0]!)) return;
    const uses = usesOf(node);
    if (!uses) return;
    const lengths = node.inputs.map((input) => this.#parts.get(input)?.T ?? 0);
    for (const T of new Set(lengths)) if (T > 0) this.#join(node, uses, T);
  }

  #reunite({ inputs, outputs }: Node): void {
    const parts = inputs.map((input) => this.#parts.get(input));
    const { whole, T } = parts[0] ?? {};
    if (T !== inputs.length) return;
    if (!parts.every((part, t) => part?.whole === whole && part?.T === T && part?.t === t)) return;
    this.#reunited.set(outputs[0]!, whole!);
    this.#wake(outputs[0]!);
  }

  /** Lets a node into the family of those that do the same at other steps. */
  #join(node: Node, uses: readonly Use[], T: number): void {
    const { shape } = node.outputs[0]!;
    let t: number | undefined;
    let kind = `${T} ${node.op} ${JSON.stringify(node.attributes)}`;
    for (const [i, input] of node.inputs.entries()) {
      const use = uses[i]!;
      const part = this.#partOf(input, use, T);
      if (part) {
        if (part.t !== (t ?? part.t)) return;
        t = part.t;
        if (use === 'broadcast' && input.shape.length !== shape.length) return;
        if (node.op !== 'Reshape' && input.shape[0] !== shape[0]) return;
        kind += ` part of ${part.whole.name}`;
      } else {
        if (!this.#servesAllRows(input, use, shape.length)) return;
        kind += ` ${this.#shared(input).name}`;
      }
    }
    if (t === undefined || shape.length === 0 || isDynamic(shape[0]!)) return;
    const family: Family = this.#families.get(kind) ?? { members: new Map() };
    this.#families.set(kind, family);
    family.members.set(node, t);
    if (!family.wholes && new Set(family.members.values()).size < T) return;
    family.wholes ??= this.#batch(node, uses, T);
    for (const [member, step] of family.members) this.#absorb(member, family.wholes, T, step);
    family.members.clear();
  }

  /** The part that the operand is, if the node uses it by row. */
  #partOf(input: Value, use: Use, T: number): Part | null {
    const part = this.#parts.get(input);
    return part?.T === T && use !== 'whole' && use !== 'shape' ? part : null;
  }

  #shared(input: Value): Value {
    return this.#reunited.get(input) ?? input;
  }

  /** One node that does to wholes what `node` does to parts. */
  #batch(node: Node, uses: readonly Use[], T: number): readonly Value[] {
    const graph = this.#graph;
    const like = node.outputs.map(({ dtype, shape }) => ({
      dtype,
      shape: shape.with(0, T * shape[0]!),
    }));
    const { shape } = like[0]!;
    if (node.op === 'Reshape') {
      return [reshape(graph, this.#parts.get(node.inputs[0]!)!.whole, shape)];
    }
    const inputs = node.inputs.map((input, i) => {
      const part = this.#partOf(input, uses[i]!, T);
      if (part) return part.whole;
      const shared = this.#shared(input);
      if (uses[i] === 'shape') return graph.sizes(shape);
      if (uses[i] === 'beside') return this.#repeated(shared, shape[0]!);
      const isByRow = uses[i] === 'broadcast' && shared.shape.length === shape.length;
      return isByRow && shared.shape[0] !== 1 ? this.#repeated(shared, 1) : shared;
    });
    return graph.addMany(node.op, inputs, like, { ...node.attributes });
  }

  /** So many rows equal to the one that all rows of `shared` are equal to. */
  #repeated(shared: Value, rows: number): Value {
    const row = this.#rows.of(shared)!;
    const like = { dtype: row.dtype, shape: row.shape.with(0, rows) };
    return rows === 1 ? row : this.#graph.add('Expand', [row, this.#graph.sizes(like.shape)], like);
  }

  /** Whether what is the same for all steps is so for all rows of a step too, as far as the node needs it. */
  #servesAllRows(shared: Value, use: Use, rank: number): boolean {
    if (use === 'whole' || use === 'shape') return true;
    if (use === 'rows') return false;
    if (use === 'broadcast' && shared.shape.length < rank) return true;
    return this.#rows.of(shared) !== null;
  }

  #absorb(node: Node, wholes: readonly Value[], T: number, t: number): void {
    for (const [i, output] of node.outputs.entries()) {
      if (!this.#parts.has(output)) this.#learn(output, { whole: wholes[i]!, T, t });
    }
  }

  #learn(value: Value, part: Part): void {
    this.#parts.set(value, part);
    this.#wake(value);
  }

  #wake(value: Value): void {
    for (const place of this.#consumers.get(value) ?? []) {
      this.#waiting[place] = true;
      this.#next = Math.min(this.#next, place - 1);
    }
  }

  /** Lets all that the outputs depend on take parts from their wholes, so that the nodes of single steps go. */
  #rewire(): void {
    const graph = this.#graph;
    graph.redirectOutputs((value) => this.#present(value));
    const seen = new Set<Node>();
    const open = graph.outputs.map(({ value }) => value);
    while (open.length > 0) {
      const node = open.pop()!.producer;
      if (!node || seen.has(node)) continue;
      seen.add(node);
      const inputs = node.inputs.map((input) => this.#present(input));
      Object.assign(node, { inputs });
      open.push(...inputs);
    }
  }

  /** The same value from the nodes that are there now. */
  #present(value: Value): Value {
    const reunited = this.#reunited.get(value);
    if (reunited) return this.#present(reunited);
    const part = this.#parts.get(value);
    if (!part) return value;
    const sizes = this.#graph.integers(new Array(part.T).fill(value.shape[0]!));
    const like = new Array<Value>(part.T).fill(value);
    const whole = this.#present(part.whole);
    return this.#graph.addMany('Split', [whole, sizes], like, { axis: 0 })[part.t]!;
  }
}
