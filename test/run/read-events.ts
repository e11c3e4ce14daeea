import protobuf from 'protobufjs';

const Event = protobuf
  .parse(`
    syntax = "proto3";
    message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
    message Summary { message Value { string tag = 1; float simple_value = 2; } repeated Value value = 1; }`)
  .root.lookupType('Event');

/** The records of an event file as TensorBoard sees them. @param check is given the bytes of each record, checksums included */
export function readEvents(bytes: Buffer, check?: (record: Buffer) => void) {
  const events = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    check?.(bytes.subarray(at, at + 16 + length));
    const event = Event.decode(bytes.subarray(at + 12, at + 12 + length));
    const { wallTime, step = 0, fileVersion, summary } = Event.toObject(event, { longs: Number });
    const values: { tag: string; simpleValue: number }[] = summary?.value ?? [];
    const scalars = values.map(({ tag, simpleValue }) => [tag, simpleValue] as const);
    events.push({ wallTime, step, fileVersion, scalars });
    at += 16 + length;
  }
  return events;
}
