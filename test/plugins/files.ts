import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PluginSource } from '../../src/plugins/plugin-source.ts';
import { Program } from '../train/program.ts';

/** Writes files into a folder, by their names. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(folder, name)), { recursive: true });
    fs.writeFileSync(join(folder, name), text);
  }
}

/** Runs the compiled command line in a folder. */
export function inFolder(folder: string, args: readonly string[]) {
  return new Program(args, {}, `cd '${folder}' && exec "$@"`).ended;
}

/** A file that exports nothing but a world's spec; the world is as small as it can be. */
export const smallWorld = (id: string, look = 0): string => `
import { Box, Discrete, type EnvSpec, restart, termination, z } from 'timegrid/env';
const none = z.strictObject({});
const spec: EnvSpec = {
  id: '${id}',
  summary: 'One step.',
  options: none,
  resetOptions: none,
  create() {
    const observe = (into = { pixels: new Uint8Array(12), instruction: new Float32Array(0) }) => {
      into.pixels.fill(${look});
      return into;
    };
    return {
      spec,
      options: {},
      observationSpace: {
        pixels: new Box([2, 2, 3], 'uint8', 0, 255),
        instruction: new Box([0], 'float32', 0, 0),
      },
      actionSpace: new Discrete(['stay', 'go']),
      reset: (_, into) => restart(observe(into)),
      step: (_, into) => termination(observe(into), 1),
      render: () => ({ pixels: observe().pixels, height: 2, width: 2 }),
      close() {},
      state: () => null,
      restore: (_, into) => observe(into),
    };
  },
};
export default spec;
`;

/** A file that exports nothing but a pathway with one option, by which it multiplies the number. */
export const smallPathway = (
  id: string,
  option = "gain: z.number().default(2).describe('a factor')",
) => `
import { type PathwaySpec, tf, z } from 'timegrid/agent';
const options = z.strictObject({ ${option} });
const spec: PathwaySpec<typeof options> = {
  id: '${id}',
  summary: 'The LSTM gets the number times a factor.',
  options,
  create: (instruction, { gain }) => ({
    parameters: [],
    accumulators: [],
    state: [],
    featureSize: instruction.length,
    apply: (_, t) => ({ features: t && tf.mul(t, gain), state: null }),
  }),
};
export default spec;
`;

/** A file that exports nothing but an arithmetic cell, which adds by plain weights. */
export const smallCell = (id: string): string => `
import { type Cell, tf, uniform } from 'timegrid/agent';
const cell: Cell = {
  id: '${id}',
  summary: 'Sums, by plain weights.',
  source: 'a test',
  parameters: (name, inputs, outputs) => [
    { name: \`\${name}/w\`, shape: [inputs, outputs], initial: uniform(-0.5, 0.5) },
  ],
  apply: (parameters, name, x) => tf.matMul(x, parameters[\`\${name}/w\`]!),
  distanceFromWhole(parameters, name) {
    const w = parameters[\`\${name}/w\`]!;
    return tf.mean(tf.abs(tf.sub(w, tf.round(w))), [-2, -1]);
  },
  round(parameters, name) {
    const w = parameters[\`\${name}/w\`]!;
    w.set(w.map(Math.round));
  },
  read: (parameters, name) => ({ sums: parameters[\`\${name}/w\`]!, powers: null, gate: null }),
};
export default cell;
`;

/** What became of looking for a world. */
export interface Found {
  readonly id?: string;
  readonly pixels?: readonly number[];
  readonly source?: PluginSource;
  readonly error?: { readonly name: string; readonly message: string };
}

/** Looks for worlds, one after another in one process of plain Node: the test runner has an import of its own. */
export async function findAll(named: readonly string[], from: string): Promise<Found[]> {
  const module = new URL('../../dist/src/plugins/worlds.js', import.meta.url).href;
  const program = `
    import { findWorld } from '${module}';
    const found = [];
    for (const named of ${JSON.stringify(named)}) {
      try {
        const { spec, source } = await findWorld(named, ${JSON.stringify(from)});
        const { pixels } = spec.create().reset({ seed: 1 }).observation;
        found.push({ id: spec.id, pixels: [...pixels], source });
      } catch ({ name, message }) {
        found.push({ error: { name, message } });
      }
    }
    console.log(JSON.stringify(found));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    `--eval=${program}`,
  ]);
  return JSON.parse(stdout);
}
