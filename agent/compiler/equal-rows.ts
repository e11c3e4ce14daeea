import type { Graph, Value } from './graph.ts';
import { usesOf } from './row-wise.ts';

/** Finds values whose rows (along the first axis) are all equal, whatever the graph is fed. */
export class EqualRows {
  readonly #graph: Graph;
  readonly #known = new Map<Value, Value | null>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** The one row that all rows of the value are equal to, of shape [1, …]: a constant's, or what is computed from such rows alone. */
  of(value: Value): Value | null {
    let row = this.#known.get(value);
    if (row === undefined) {
      row = value.shape[0] === 1 ? value : (this.#ofConstant(value) ?? this.#ofResult(value));
      this.#known.set(value, row);
    }
    return row;
  }

  #ofConstant({ data, shape, dtype }: Value): Value | null {
    if (!data || data.length === 0 || shape.length === 0) return null;
    const width = data.length / shape[0]!;
    for (let i = width; i < data.length; i++) {
      if (!Object.is(data[i], data[i - width])) return null;
    }
    return this.#graph.constant(data.slice(0, width), shape.with(0, 1), dtype);
  }

  #ofResult(value: Value): Value | null {
    const { producer: node, shape } = value;
    const uses = node && usesOf(node);
    if (!uses || shape.length === 0 || uses.includes('shape') || node.op === 'Reshape') return null;
    const inputs: Value[] = [];
    for (const [i, input] of node.inputs.entries()) {
      const use = uses[i]!;
      const isSame = use === 'whole' || (use === 'broadcast' && input.shape.length < shape.length);
      const row = isSame ? input : this.of(input);
      if (!row) return null;
      inputs.push(row);
    }
    const like = node.outputs.map((output) => ({
      dtype: output.dtype,
      shape: output.shape.with(0, 1),
    }));
    const rows = this.#graph.addMany(node.op, inputs, like, { ...node.attributes });
    return rows[node.outputs.indexOf(value)]!;
  }
}
