import { toBase64 } from '#platform';
import { DYNAMIC, DYNAMIC_BELOW, type DynamicName, type TensorSpec } from './program.ts';

/** Element types of ONNX tensors. */
export type ElementType = 'float32' | 'float64' | 'int32' | 'int64' | 'uint8' | 'bool';
export type ConstantData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
export type Attribute = number | string | readonly number[];

/** One tensor of a graph: an input, a constant, or what a node computes. */
export interface Value {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  /** The node that computes it; absent for inputs and constants. */
  readonly producer?: Node;
  readonly data?: ConstantData;
  /** Every element is this number. It takes no memory until a node needs it whole: most such operands can be scalars. */
  readonly uniform?: number;
}

export interface Node {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly outputs: Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/**
 * TensorFlow.js infers shapes from numbers, so while a program is traced its dynamic dimensions are
 * these primes, which no other size may be a multiple of.
 */
export const DYNAMIC_SIZE = 104_729;
const SIZES: Readonly<Record<DynamicName, number>> = {
  [DYNAMIC]: DYNAMIC_SIZE,
  [DYNAMIC_BELOW]: 104_723,
};
const DYNAMIC_NAMES = Object.keys(SIZES) as DynamicName[];

/** The dynamic dimension that a size is a multiple of, if there is one. */
export const dynamicName = (size: number): DynamicName | undefined =>
  size === 0 ? undefined : DYNAMIC_NAMES.find((name) => size % SIZES[name] === 0);
export const isDynamic = (size: number): boolean => dynamicName(size) !== undefined;
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/** A static graph under construction. Equal nodes are made once. */
export class Graph {
  readonly inputs: Value[] = [];
  readonly outputs: { name: string; value: Value }[] = [];
  readonly #known = new Map<string, Node>();
  readonly #constants = new Map<string, Value>();
  #count = 0;

  /** @param data fixes the input: it is then a constant of the graph, under its own name */
  input(name: string, spec: TensorSpec, data?: ConstantData): Value {
    const shape = spec.shape.map((size) => (typeof size === 'number' ? size : SIZES[size]));
    const taken = spec.shape.find((size) => typeof size === 'number' && isDynamic(size));
    if (taken !== undefined) {
      const prime = SIZES[dynamicName(Number(taken))!];
      throw new Error(`Input "${name}" has a dimension that is a multiple of ${prime}.`);
    }
    if (data) return { name, dtype: spec.dtype, shape, data };
    const value: Value = { name, dtype: spec.dtype, shape };
    this.inputs.push(value);
    return value;
  }

  output(name: string, value: Value): void {
    const computed = value.producer && !this.outputs.some((output) => output.value === value);
    // The value of a node takes the output's name; an input, a constant or a second name needs a node of its own.
    const own = computed
      ? value
      : this.#append('Identity', [this.materialise(value)], {}, [value])[0]!;
    this.outputs.push({ name, value: own });
  }

  /** Makes every output what `changed` gives for its value. */
  redirectOutputs(changed: (value: Value) => Value): void {
    for (const { name, value } of this.outputs.splice(0)) this.output(name, changed(value));
  }

  /** The value of a node; `like` gives the element type and shape of each of its outputs. */
  add(
    op: string,
    inputs: readonly Value[],
    like: Pick<Value, 'dtype' | 'shape'>,
    attributes: Record<string, Attribute> = {},
  ): Value {
    return this.addMany(op, inputs, [like], attributes)[0]!;
  }

  addMany(
    op: string,
    inputs: readonly Value[],
    like: readonly Pick<Value, 'dtype' | 'shape'>[],
    attributes: Record<string, Attribute> = {},
  ): readonly Value[] {
    const operands = inputs.map((value) => this.materialise(value));
    const key = `${op}(${operands.map((value) => value.name).join()})${JSON.stringify(attributes)}`;
    const known = this.#known.get(key);
    if (known) return known.outputs;
    const outputs = this.#append(op, operands, attributes, like);
    this.#known.set(key, outputs[0]!.producer!);
    return outputs;
  }

  constant(data: ConstantData, shape: readonly number[], dtype: ElementType): Value {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = `${dtype}[${shape}]${toBase64(bytes)}`;
    let value = this.#constants.get(key);
    if (!value) {
      value = { name: this.#name('constant'), dtype, shape, data };
      this.#constants.set(key, value);
    }
    return value;
  }

  integers(values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], 'int64');
  }

  /** A target shape for ONNX, which infers the dynamic dimension. */
  shape(shape: readonly number[]): Value {
    if (shape.filter(isDynamic).length > 1) {
      throw new Error(`The shape [${shape}] has more than one dimension of dynamic size.`);
    }
    return this.integers(shape.map((size) => (isDynamic(size) ? -1 : size)));
  }

  /** A tensor whose elements are all `number`. */
  full(number: number, shape: readonly number[], dtype: ElementType): Value {
    return { name: `full:${number}:${dtype}:${shape}`, dtype, shape, uniform: number };
  }

  scalar(number: number, dtype: ElementType): Value {
    return this.constant(fill(number, 1, dtype), [], dtype);
  }

  materialise(value: Value): Value {
    if (value.uniform === undefined) return value;
    const { dtype, shape, uniform } = value;
    if (!shape.some(isDynamic)) {
      return this.constant(fill(uniform, sizeOf(shape), dtype), shape, dtype);
    }
    return this.add('Expand', [this.scalar(uniform, dtype), this.sizes(shape)], value);
  }

  /** Sizes as a vector; a dynamic one is computed when the graph runs, from the input that has it. */
  sizes(shape: readonly number[]): Value {
    if (!shape.some(isDynamic)) return this.integers(shape);
    const parts = shape.map((size) => {
      const dynamic = dynamicName(size);
      if (!dynamic) return this.integers([size]);
      const one = SIZES[dynamic];
      const source = this.inputs.find((input) => input.shape.includes(one));
      if (!source) throw new Error('A dynamic dimension has no input that it comes from.');
      const axis = source.shape.indexOf(one);
      const whole = this.add(
        'Shape',
        [source],
        { dtype: 'int64', shape: [1] },
        { start: axis, end: axis + 1 },
      );
      const times = this.integers([size / one]);
      return this.add('Mul', [whole, times], { dtype: 'int64', shape: [1] });
    });
    return this.add('Concat', parts, { dtype: 'int64', shape: [shape.length] }, { axis: 0 });
  }

  #append(
    op: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute>,
    like: readonly Pick<Value, 'dtype' | 'shape'>[],
  ): Value[] {
    const node: Node = { op, inputs, attributes, outputs: [] };
    for (const { dtype, shape } of like) {
      node.outputs.push({ name: this.#name(op), dtype, shape, producer: node });
    }
    return node.outputs;
  }

  #name(stem: string): string {
    this.#count += 1;
    return `${stem}_${this.#count}`;
  }
}

/** The nodes that the outputs depend on, each after those that it depends on. */
export function sortedNodes(graph: Graph): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: { node: Node; next: number }[] = [];
  const visit = (node: Node | undefined): void => {
    if (!node || seen.has(node)) return;
    seen.add(node);
    stack.push({ node, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = top.node.inputs[top.next++];
      if (!input) {
        order.push(top.node);
        stack.pop();
      } else if (input.producer && !seen.has(input.producer)) {
        seen.add(input.producer);
        stack.push({ node: input.producer, next: 0 });
      }
    }
  };
  for (const { value } of graph.outputs) visit(value.producer);
  return order;
}

function fill(number: number, size: number, dtype: ElementType): ConstantData {
  if (dtype === 'float32') return new Float32Array(size).fill(number);
  if (dtype === 'float64') return new Float64Array(size).fill(number);
  if (dtype === 'int32') return new Int32Array(size).fill(number);
  if (dtype === 'int64') return new BigInt64Array(size).fill(BigInt(number));
  return new Uint8Array(size).fill(number);
}
