import { Writer } from 'protobufjs/minimal.js';
import {
  type Attribute,
  dynamicName,
  type ElementType,
  type Graph,
  type Node,
  sortedNodes,
  type Value,
} from './graph.ts';

/*
 * The part of onnx.proto (Apache-2.0, github.com/onnx/onnx) that a static graph needs, written field by field: what protobufjs makes of a
 * schema is code from text, which the pages' content security policy forbids. A field that is 0 or empty is left out, as proto3 has it.
 */

/** ONNX operator set and file version that the models ask for. */
const OPSET = 18;
const IR_VERSION = 8;

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
  const writer = new Writer();
  writer.uint32(VARINT(1)).int64(IR_VERSION);
  writer.uint32(BYTES(2)).string('timegrid');
  within(writer, 7, () => writeGraph(writer, graph, name));
  within(writer, 8, () => writer.uint32(VARINT(2)).int64(OPSET));
  for (const [key, value] of Object.entries(metadata)) {
    within(writer, 14, () => {
      writer.uint32(BYTES(1)).string(key);
      writer.uint32(BYTES(2)).string(value);
    });
  }
  return writer.finish();
}

/** Tags of fields by their kind on the wire. */
const VARINT = (field: number): number => field << 3;
const BYTES = (field: number): number => (field << 3) | 2;
const FIXED32 = (field: number): number => (field << 3) | 5;

/** Writes a message within the message. */
function within(writer: Writer, field: number, write: () => unknown): void {
  writer.uint32(BYTES(field)).fork();
  write();
  writer.ldelim();
}

function writeGraph(writer: Writer, graph: Graph, name: string): void {
  const nodes = sortedNodes(graph);
  const outputNames = new Map(graph.outputs.map((output) => [output.value, output.name]));
  const nameOf = (value: Value): string => outputNames.get(value) ?? value.name;
  const constants = new Map<string, Value>();
  for (const node of nodes) {
    for (const input of node.inputs) if (input.data) constants.set(input.name, input);
    within(writer, 1, () => writeNode(writer, node, nameOf));
  }
  writer.uint32(BYTES(2)).string(name);
  for (const value of constants.values()) within(writer, 5, () => writeTensor(writer, value));
  for (const value of graph.inputs) {
    within(writer, 11, () => writeValueInfo(writer, value.name, value));
  }
  for (const output of graph.outputs) {
    within(writer, 12, () => writeValueInfo(writer, output.name, output.value));
  }
}

function writeNode(writer: Writer, node: Node, nameOf: (value: Value) => string): void {
  for (const input of node.inputs) writer.uint32(BYTES(1)).string(nameOf(input));
  for (const output of node.outputs) writer.uint32(BYTES(2)).string(nameOf(output));
  writer.uint32(BYTES(4)).string(node.op);
  for (const [key, value] of Object.entries(node.attributes)) {
    within(writer, 5, () => writeAttribute(writer, key, value));
  }
}

function writeAttribute(writer: Writer, name: string, value: Attribute): void {
  writer.uint32(BYTES(1)).string(name);
  const writeType = (type: keyof typeof ATTRIBUTE_TYPES): Writer =>
    writer.uint32(VARINT(20)).int32(ATTRIBUTE_TYPES[type]);
  if (typeof value === 'string') {
    writer.uint32(BYTES(4)).string(value);
    writeType('string');
  } else if (typeof value !== 'number') {
    writeIntegers(writer, 8, value);
    writeType('ints');
  } else if (FLOAT_ATTRIBUTES.has(name)) {
    if (value !== 0) writer.uint32(FIXED32(2)).float(value);
    writeType('float');
  } else {
    if (value !== 0) writer.uint32(VARINT(3)).int64(value);
    writeType('int');
  }
}

/** Packed, as proto3 does. */
function writeIntegers(writer: Writer, field: number, values: readonly number[]): void {
  if (values.length === 0) return;
  within(writer, field, () => {
    for (const value of values) writer.int64(value);
  });
}

function writeTensor(writer: Writer, { name, shape, dtype, data }: Value): void {
  writeIntegers(writer, 1, shape);
  writer.uint32(VARINT(2)).int32(ELEMENT_TYPES[dtype]);
  writer.uint32(BYTES(8)).string(name);
  const { buffer, byteOffset, byteLength } = data!;
  if (byteLength > 0) writer.uint32(BYTES(9)).bytes(new Uint8Array(buffer, byteOffset, byteLength));
}

function writeValueInfo(writer: Writer, name: string, { dtype, shape }: Value): void {
  writer.uint32(BYTES(1)).string(name);
  within(writer, 2, () =>
    within(writer, 1, () => {
      writer.uint32(VARINT(1)).int32(ELEMENT_TYPES[dtype]);
      within(writer, 2, () => {
        for (const size of shape) within(writer, 1, () => writeDimension(writer, size));
      });
    }),
  );
}

function writeDimension(writer: Writer, size: number): void {
  const dynamic = dynamicName(size);
  if (dynamic) writer.uint32(BYTES(2)).string(dynamic);
  else writer.uint32(VARINT(1)).int64(size);
}
