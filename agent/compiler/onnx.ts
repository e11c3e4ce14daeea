import protobuf from 'protobufjs';
import {
  type Attribute,
  dynamicName,
  type ElementType,
  type Graph,
  sortedNodes,
  type Value,
} from './graph.ts';

/** ONNX operator set and file version that the models ask for. */
const OPSET = 18;
const IR_VERSION = 8;

/** The part of onnx.proto (Apache-2.0, github.com/onnx/onnx) that a static graph needs. */
const schema = `
syntax = "proto3";
message Attribute {
  string name = 1; int64 i = 3; bytes s = 4; float f = 2; repeated int64 ints = 8; int32 type = 20;
}
message Node {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated Attribute attribute = 5;
}
message Tensor {
  repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9;
}
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message Shape { repeated Dimension dim = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Type { TensorType tensor_type = 1; }
message ValueInfo { string name = 1; Type type = 2; string doc_string = 3; }
message Graph {
  repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; string doc_string = 10;
  repeated ValueInfo input = 11; repeated ValueInfo output = 12;
}
message OperatorSet { string domain = 1; int64 version = 2; }
message Property { string key = 1; string value = 2; }
message Model {
  int64 ir_version = 1; string producer_name = 2; string producer_version = 3; string doc_string = 6;
  Graph graph = 7; repeated OperatorSet opset_import = 8; repeated Property metadata_props = 14;
}`;
const Model = protobuf.parse(schema, { keepCase: true }).root.lookupType('Model');

export const ELEMENT_TYPES: Record<ElementType, number> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
};
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, ints: 7 };
/** Attributes that are floats in ONNX even when their value is a whole number. */
const FLOAT_ATTRIBUTES = new Set(['alpha', 'beta']);

/**
 * The graph as the bytes of an ONNX model.
 * @param metadata key and value pairs that travel in the model's `metadata_props`.
 */
export function toOnnx(
  graph: Graph,
  name: string,
  metadata: Record<string, string> = {},
): Uint8Array {
  const nodes = sortedNodes(graph);
  const outputNames = new Map(graph.outputs.map((output) => [output.value, output.name]));
  const nameOf = (value: Value): string => outputNames.get(value) ?? value.name;
  const constants = new Map<string, Value>();
  for (const node of nodes) {
    for (const input of node.inputs) if (input.data) constants.set(input.name, input);
  }
  const model = {
    ir_version: IR_VERSION,
    producer_name: 'timegrid',
    opset_import: [{ domain: '', version: OPSET }],
    metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name,
      node: nodes.map((node) => ({
        op_type: node.op,
        input: node.inputs.map(nameOf),
        output: node.outputs.map(nameOf),
        attribute: Object.entries(node.attributes).map(([key, value]) => attribute(key, value)),
      })),
      initializer: [...constants.values()].map((value) => ({
        name: value.name,
        dims: value.shape,
        data_type: ELEMENT_TYPES[value.dtype],
        raw_data: new Uint8Array(
          value.data!.buffer,
          value.data!.byteOffset,
          value.data!.byteLength,
        ),
      })),
      input: graph.inputs.map((value) => valueInfo(value.name, value)),
      output: graph.outputs.map((output) => valueInfo(output.name, output.value)),
    },
  };
  return Model.encode(Model.fromObject(model)).finish();
}

function valueInfo(name: string, value: Value): object {
  const dim = value.shape.map((size) => {
    const dynamic = dynamicName(size);
    return dynamic ? { dim_param: dynamic } : { dim_value: size };
  });
  return { name, type: { tensor_type: { elem_type: ELEMENT_TYPES[value.dtype], shape: { dim } } } };
}

function attribute(name: string, value: Attribute): object {
  if (typeof value === 'string') {
    return { name, type: ATTRIBUTE_TYPES.string, s: new TextEncoder().encode(value) };
  }
  if (typeof value !== 'number') return { name, type: ATTRIBUTE_TYPES.ints, ints: value };
  return FLOAT_ATTRIBUTES.has(name)
    ? { name, type: ATTRIBUTE_TYPES.float, f: value }
    : { name, type: ATTRIBUTE_TYPES.int, i: value };
}
