import * as tf from '../tf.ts';
import { type ConstantData, type ElementType, Graph, isDynamic, type Value } from './graph.ts';
import { composites } from './kernels/composites.ts';
import { kernels } from './kernels/index.ts';
import type { KernelCall } from './kernels/kernel.ts';
import { untranslated } from './kernels/untranslated.ts';
import { addWithinProducts } from './products-with-sums.ts';
import type { Program, Tensors } from './program.ts';
import { batchSteps } from './steps.ts';
import { fuseSumsOfProducts } from './sums.ts';

/** A TensorFlow.js backend whose kernels record nodes of a graph and compute nothing. */
class TracingBackend extends tf.KernelBackend {
  readonly name = unusedName();
  graph = new Graph();
  #values = new WeakMap<object, Value>();
  #count = 0;

  /** Starts an empty graph, which knows no tensor of earlier ones. */
  begin(): void {
    this.graph = new Graph();
    this.#values = new WeakMap();
  }

  traced(tensor: { dataId: object }): Value {
    const value = this.#values.get(tensor.dataId);
    if (!value)
      throw new Error(
        'it uses a tensor that was made outside it, which has to be one of its inputs',
      );
    return value;
  }

  /** A value as the tensor that TensorFlow.js sees; bytes are its `int32`. */
  tensorInfo(value: Value): tf.TensorInfo {
    const dataId = {};
    this.#values.set(dataId, value);
    this.#count += 1;
    return {
      dataId,
      shape: [...value.shape],
      dtype: value.dtype === 'uint8' ? 'int32' : (value.dtype as tf.DataType),
    };
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const numbers = values as Float32Array;
    const first = numbers[0] ?? 0;
    const uniform = numbers.every((number) => number === first);
    if (uniform ? shape.length === 0 && isDynamic(first) : shape.some(isDynamic)) {
      throw new Error(
        'it uses the size of the dynamic dimension as a number, which is known only when it runs',
      );
    }
    const value = uniform
      ? this.graph.full(Number(first), shape, dtype as ElementType)
      : this.graph.constant(numbers.slice(), shape, dtype as ElementType);
    return this.tensorInfo(value).dataId;
  }

  override readSync(): never {
    throw new Error('it reads the value of a tensor, which there is only when it runs');
  }

  override read(): Promise<never> {
    return Promise.reject(this.readSync());
  }

  override disposeData(): boolean {
    return false;
  }

  override numDataIds(): number {
    return this.#count;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override incRef(): void {}

  decRef(): void {}

  override refCount(): number {
    return 1;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override floatPrecision(): 32 {
    return 32;
  }
}

let backend: TracingBackend | undefined;

/** Where the compiler is loaded twice beside one TensorFlow.js, such as its sources and what they compile to, each has a backend. */
function unusedName(): string {
  let name = 'trace';
  while (tf.findBackendFactory(name)) name += '+';
  return name;
}

function tracingBackend(): TracingBackend {
  if (backend) return backend;
  backend = new TracingBackend();
  tf.registerBackend(backend.name, () => backend!);
  // What is not translated is registered too: it is refused in our words rather than in TensorFlow.js's.
  const names = Object.keys({ ...kernels, ...composites, ...untranslated });
  const others = tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName);
  for (const kernelName of new Set([...names, ...others])) {
    tf.registerKernel({
      kernelName,
      backendName: backend.name,
      kernelFunc: (call) => record(kernelName, call),
    });
  }
  return backend;
}

function record(
  kernelName: string,
  { inputs, attrs }: { inputs: tf.NamedTensorInfoMap; attrs?: tf.NamedAttrMap },
): tf.TensorInfo | tf.TensorInfo[] {
  const composite = composites[kernelName];
  if (composite) return composite(inputs, attrs);
  const kernel = kernels[kernelName];
  if (!kernel) {
    const reason = untranslated[kernelName] ?? 'this version of TensorFlow.js is not known';
    throw new Error(`TensorFlow.js's ${kernelName} has no translation to ONNX: ${reason}`);
  }
  const { graph } = backend!;
  const traced = (tensor: tf.TensorInfo) => backend!.traced(tensor);
  const result = kernel({
    graph,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, tensor]) => [name, traced(tensor!)]),
    ) as KernelCall['inputs'],
    list: Array.isArray(inputs) ? inputs.map(traced) : [],
    attrs,
  });
  return Array.isArray(result)
    ? result.map((value) => backend!.tensorInfo(value))
    : backend!.tensorInfo(result);
}

/**
 * Runs a program once on tensors without values and returns the static graph of what it did:
 * forward pass, gradients and all.
 * @param fixed values of inputs that become constants of the graph
 * @throws Error naming the operation that the compiler does not know, and the program.
 */
export function trace(program: Program, fixed: Readonly<Record<string, ConstantData>> = {}): Graph {
  const tracing = tracingBackend();
  const before = tf.getBackend() ?? 'cpu';
  tracing.begin();
  switchBackend(tracing.name);
  try {
    tf.tidy(() => {
      const inputs: Tensors = {};
      for (const [name, spec] of Object.entries(program.inputs)) {
        const value = tracing.graph.input(name, spec, fixed[name]);
        const { dataId, shape, dtype } = tracing.tensorInfo(value);
        inputs[name] = tf.engine().makeTensorFromDataId(dataId, shape, dtype);
      }
      const outputs = program.run(inputs);
      for (const name of program.outputs) {
        if (!outputs[name]) throw new Error(`it did not return its output "${name}"`);
        tracing.graph.output(name, tracing.traced(outputs[name]));
      }
      // Tensors that tf.keep() lets outlive the tidy would never be freed.
      tf.dispose(outputs);
    });
  } catch (error) {
    throw new Error(`${program.name} cannot be compiled: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    switchBackend(before);
  }
  const { graph } = tracing;
  if (!program.regroup) return fuseSumsOfProducts(graph);
  return addWithinProducts(fuseSumsOfProducts(batchSteps(graph), { all: true }));
}

/** Synchronous for a backend that starts synchronously, although it returns a promise. */
function switchBackend(name: string): void {
  void tf.setBackend(name);
}
