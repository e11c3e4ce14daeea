import { join } from 'node:path';
import ort from 'onnxruntime-node';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { Actor } from '../../agent/actor.ts';
import { loadProgram } from '../../agent/blueprint.ts';
import type { AgentConfig } from '../../agent/config.ts';
import { PlainEncoder } from '../../agent/encoder/plain-encoder.ts';
import { views } from '../../agent/parameters.ts';
import { EnvVector, make, Random, register } from '../../env/index.ts';
import { VERSION } from '../../src/common/version.ts';
import { exportStep } from '../../src/export/step-model.ts';
import { loadSavedAgent } from '../../src/play/saved-agent.ts';
import { corridor } from '../env/corridor.ts';
import { type SavedRun, saveRun, TINY_GRID } from '../evaluate/saved-run.ts';
import { temporaryFolder } from '../run/temporary.ts';

function newRun(what: SavedRun = {}): string {
  const path = join(temporaryFolder(), 'run');
  saveRun(path, what);
  return path;
}

/** Greatest difference of two arrays of one size. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

function softmax(logits: Float32Array, columns: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += columns) {
    const exponentials = logits.subarray(row, row + columns).map(Math.exp);
    const sum = exponentials.reduce((total, value) => total + value);
    probabilities.set(
      exponentials.map((value) => value / sum),
      row,
    );
  }
  return probabilities;
}

describe('plain ONNX Runtime acts as the agent does for 50 steps', () => {
  const sizes: [AgentConfig['pathway'], number, pictures: number][] = [
    ['baseline', 1, 1],
    ['nac', 3, 1],
    ['nac-stateless', 2, 1],
    ['nac-clock', 2, 1],
    ['nac', 2, 3],
    ['nac-counter', 2, 3],
  ];
  test.each(sizes)('%s, in %i worlds, pictures: %i', async (pathway, B, pictures) => {
    const run = newRun({ config: { pathway, pictures }, seed: 5 });
    const { model } = await exportStep(run, 'last');
    const session = await ort.InferenceSession.create(model);

    const { blueprint, parameters } = await loadSavedAgent(run, 'last', 'onnx', B);
    const { recipe, driveSize, layout, stateSize } = blueprint;
    const { height, width, channels, actions } = recipe.world;
    const frameSize = height * width * channels;
    const settings = { frameSize, driveSize, capacity: 100, parameters: views(layout, parameters) };
    const encoder = new PlainEncoder(settings, await loadProgram(blueprint, 'encode'));
    const actor = new Actor({ ...settings, B }, encoder, await loadProgram(blueprint, 'act'));
    const worlds = new EnvVector(Array.from({ length: B }, () => make('TimedGrid-v0', TINY_GRID)));
    const random = new Random('export');
    const observation = worlds.allocate();
    worlds.reset({ seeds: worlds.worlds.map((_, b) => `export ${b}`) }, observation);
    const start = new Float32Array(B).fill(1);
    let state: Float32Array = new Float32Array(B * stateSize);
    let exported: Float32Array = new Float32Array(B * stateSize);
    let episodes = 0;
    for (let step = 0; step < 50; step++) {
      for (let b = 0; b < B; b++) {
        if (start[b] === 1) exported.fill(0, b * stateSize, (b + 1) * stateSize);
      }
      const acted = await actor.act(observation, start, state);
      const said = await session.run({
        pixels: new ort.Tensor('uint8', observation.pixels, [B, height, width, channels]),
        instruction: new ort.Tensor('float32', observation.instruction, [B, 1]),
        state: new ort.Tensor('float32', exported, [B, stateSize]),
      });
      expect(said.logits!.dims).toEqual([B, actions]);
      expect(said.value!.dims).toEqual([B]);
      expect(said.next_state!.dims).toEqual([B, stateSize]);
      const logits = said.logits!.data as Float32Array;
      expect(difference(softmax(logits, actions), acted.probabilities)).toBeLessThan(1e-5);
      expect(difference(said.value!.data as Float32Array, acted.value)).toBeLessThan(1e-5);
      exported = said.next_state!.data as Float32Array;
      expect(difference(exported, acted.nextState)).toBeLessThan(1e-5);
      state = acted.nextState;
      worlds.step(
        Int32Array.from({ length: B }, () => worlds.actionSpace.sample(random)),
        observation,
      );
      for (let b = 0; b < B; b++) start[b] = worlds.terminated[b]! | worlds.truncated[b]!;
      episodes += start.reduce((sum, value) => sum + value);
    }
    expect(episodes).toBeGreaterThan(3);
    expect(encoder.count).toBeGreaterThan(2);
  });
});

/** What of onnx.proto says how a model presents itself. */
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message Tensor { repeated int64 dims = 1; string name = 8; bytes raw_data = 9; }
  message Dimension { int64 dim_value = 1; string dim_param = 2; }
  message Shape { repeated Dimension dim = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Type { TensorType tensor_type = 1; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Graph { repeated Tensor initializer = 5; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
  message Property { string key = 1; string value = 2; }
  message Model { string producer_name = 2; Graph graph = 7; repeated Property metadata_props = 14; }
`,
  { keepCase: true },
);

// biome-ignore lint/suspicious/noExplicitAny: a decoded message has the shape of the schema above
function decode(model: Uint8Array): any {
  const Model = root.lookupType('Model');
  return Model.toObject(Model.decode(model), { longs: Number });
}

describe('the model', () => {
  test('says what it is', async () => {
    const run = newRun({ seed: 9, frames: 640 });
    const { model } = await exportStep(run, 'last');
    const metadata = Object.fromEntries(
      decode(model).metadata_props.map(({ key, value }: { key: string; value: string }) => [
        key,
        value,
      ]),
    );
    expect(metadata).toMatchObject({
      timegrid: VERSION,
      env: 'TimedGrid-v0',
      pathway: 'nac',
      seed: '9',
      frames: '640',
      instruction: expect.stringMatching(/^the time asked for/),
    });
    expect(JSON.parse(metadata.env_options)).toMatchObject({ ...TINY_GRID, maxReward: 10 });
    expect(JSON.parse(metadata.actions)).toEqual(['up', 'down', 'left', 'right', 'pass']);
    expect(JSON.parse(metadata.config)).toMatchObject({ pathway: 'nac', lstm: 8, nacWidth: 3 });
    expect(JSON.parse(metadata.state)).toEqual([
      { name: 'lstm/output', size: 8 },
      { name: 'lstm/cell', size: 8 },
      { name: 'nac/state', size: 3 },
    ]);
  });

  test('says what it keeps of earlier pictures, where its dense layer sees several', async () => {
    const run = newRun({ config: { pathway: 'nac', pictures: 3 } });
    const { model } = await exportStep(run, 'last');
    const { value } = decode(model).metadata_props.find(
      ({ key }: { key: string }) => key === 'state',
    );
    expect(JSON.parse(value).slice(2)).toEqual([
      { name: 'nac/state', size: 3 },
      { name: 'dense/earlier_pictures', size: 2 * 8 + 1 },
    ]);
  });

  test('takes and gives named tensors for any number of worlds', async () => {
    const { graph } = decode((await exportStep(newRun(), 'last')).model);
    type Described = { name: string; type: { tensor_type: { shape: { dim: object[] } } } };
    const shapes = [...graph.input, ...graph.output].map(({ name, type }: Described) => {
      const sizes = type.tensor_type.shape.dim.map((size) => Object.values(size)[0]);
      return `${name} [${sizes}]`;
    });
    expect(shapes).toEqual([
      ...['pixels [N,12,12,3]', 'instruction [N,1]', 'state [N,19]'],
      ...['logits [N,5]', 'value [N]', 'next_state [N,19]'],
    ]);
  });

  test('of a world that instructs nothing takes no instruction', async () => {
    register(corridor);
    const run = newRun({
      env: corridor.id,
      envOptions: {},
      config: { convolutions: [{ filters: 2, size: 1, stride: 1 }] },
    });
    const { model, inputs } = await exportStep(run, 'last');
    expect(inputs).toEqual({
      pixels: { shape: ['N', 1, 4, 3], dtype: 'uint8' },
      state: { shape: ['N', 19], dtype: 'float32' },
    });
    const session = await ort.InferenceSession.create(model);
    const { logits } = await session.run({
      pixels: new ort.Tensor('uint8', new Uint8Array(24), [2, 1, 4, 3]),
      state: new ort.Tensor('float32', new Float32Array(38), [2, 19]),
    });
    expect(logits!.dims).toEqual([2, 2]);
  });

  test('holds every parameter under its name, those that are all zero too', async () => {
    const run = newRun();
    const { graph } = decode((await exportStep(run, 'last')).model);
    const { blueprint, parameters } = await loadSavedAgent(run, 'last', 'onnx', 1);
    for (const { name, shape, offset, size } of blueprint.layout.slots) {
      const stored = graph.initializer.find((tensor: { name: string }) => tensor.name === name);
      expect(stored?.dims, name).toEqual(shape);
      const values = new Float32Array(new Uint8Array(stored.raw_data).buffer);
      expect(values, name).toEqual(parameters.slice(offset, offset + size));
    }
    const bias = graph.initializer.find(({ name }: { name: string }) => name === 'conv1/bias');
    expect(new Set(bias.raw_data)).toEqual(new Set([0]));
  });
});
