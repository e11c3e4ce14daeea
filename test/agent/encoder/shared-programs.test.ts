import { describe, expect, test } from 'vitest';
import type { SharedProgramName } from '../../../agent/encoder/program-names.ts';
import { encoderShapes } from '../../../agent/encoder/shapes.ts';
import { sharedProgram } from '../../../agent/encoder/shared-programs.ts';
import type { Feeds } from '../../../agent/engines/engine.ts';
import { parseConfig } from '../../../agent/pathways/configure.ts';
import { load, numbers } from '../engines/engines-at-work.ts';

const counts = [2, 3, 4, 5, 7, 8, 11, 12, 13, 16, 17, 31, 33, 64, 100, 129, 256, 257, 600];
/** Rows of the layer below. */
const BELOW = 50;
const names: SharedProgramName[] = ['conv1', 'conv2', 'drive'];
const world = { height: 56, width: 56, channels: 3, instruction: 1, actions: 5 };

describe.each(['onnx', 'wasm'] as const)(
  'a row has the same bits in any company (%s):',
  (engine) => {
    const cases = [
      ...names.flatMap((name) => [128, 100].map((units) => [name, units, 1] as const)),
      ...[128, 100].map((units) => ['drive', units, 3] as const),
    ];
    test.each(cases)('%s, %i units, pictures: %i', async (name, units, pictures) => {
      const config = parseConfig({ dense: units, lstm: units, pictures });
      const shapes = encoderShapes(config, world, 0);
      const program = sharedProgram(shapes, name);
      const runner = await load(engine, program);
      const { bytes, floats, integers, uniform } = numbers(name);
      const most = engine === 'onnx' ? 700 : 140;
      const feeds: Feeds = {};
      for (const [input, { shape, dtype }] of Object.entries(program.inputs)) {
        const sizes = { N: most, M: BELOW };
        const size = shape.reduce<number>((a, b) => a * (typeof b === 'number' ? b : sizes[b]), 1);
        if (dtype === 'int32') feeds[input] = integers(size, BELOW);
        else feeds[input] = dtype === 'uint8' ? bytes(size) : floats(size);
      }
      const all = await runner.run(feeds);
      // What the rows are: pixels, or places of rows below.
      const seen = feeds.rows ? 'rows' : 'looks';
      const rowSize = feeds[seen]!.length / most;
      for (const count of counts.filter((n) => n <= most)) {
        const from = Math.floor(uniform() * (most - count + 1));
        const rows = feeds[seen]!.slice(from * rowSize, (from + count) * rowSize);
        const results = await runner.run({ ...feeds, [seen]: rows });
        for (const [output, values] of Object.entries(results)) {
          const size = values.length / count;
          const same = all[output]!.subarray(from * size, (from + count) * size);
          expect(Buffer.compare(bytesOf(values), bytesOf(same)), `${output} of ${count}`).toBe(0);
        }
      }
    });
  },
);

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
