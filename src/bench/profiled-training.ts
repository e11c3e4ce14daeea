import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../agent/compiler/program.ts';
import type { Runner } from '../../agent/engines/engine.ts';
import { loadOn } from '../../agent/engines/index.ts';
import * as tf from '../../agent/tf.ts';
import { parseJson } from '../common/parse-json.ts';
import { readText } from '../common/read-file.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import {
  nodesOfMiddle,
  type ProfileEvent,
  type ProgramNodeTimes,
  profiledRuns,
} from './node-times.ts';
import { ProgramMeter } from './program-meter.ts';
import { startTraining, type TrainingAtWork, update } from './training-at-work.ts';

/** Nodes that compute next to nothing, so that a profile shows what timing a node adds to its time. */
const idle: Program = {
  name: 'idle',
  inputs: { x: { shape: [1], dtype: 'float32' } },
  outputs: ['y'],
  run({ x }) {
    let y = x!;
    for (let i = 0; i < 100; i++) y = tf.neg(tf.tanh(y));
    return { y };
  },
};

/** A training in this thread whose nodes ONNX Runtime times, which makes its calls slower. */
export class ProfiledTraining {
  readonly #folder: string;
  readonly #names: readonly string[];
  readonly #meter: ProgramMeter;
  readonly #training: TrainingAtWork;
  readonly #idle: Runner;
  /** How often each program had been called before the first update that counts, and after each. */
  readonly #calls: (readonly number[])[];

  private constructor(
    folder: string,
    names: readonly string[],
    meter: ProgramMeter,
    training: TrainingAtWork,
    idleRunner: Runner,
  ) {
    this.#folder = folder;
    this.#names = names;
    this.#meter = meter;
    this.#training = training;
    this.#idle = idleRunner;
    this.#calls = [meter.callsOfEach];
  }

  /** @param warmUp updates whose nodes do not count */
  static async start(settings: TrainSettings, warmUp: number): Promise<ProfiledTraining> {
    const { profilingEngine } = await import('../../agent/engines/onnx.ts');
    const folder = mkdtempSync(join(tmpdir(), 'timegrid-profile-'));
    try {
      const names: string[] = [];
      const engine = profilingEngine(({ name }) => join(folder, prefixOf(names.push(name) - 1)));
      const meter = new ProgramMeter(engine);
      const training = await startTraining(settings, meter.engine);
      for (let i = 0; i < warmUp; i++) await update(training);
      const idleRunner = await loadOn(meter.engine, idle);
      return new ProfiledTraining(folder, names, meter, training, idleRunner);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async update(): Promise<void> {
    await update(this.#training);
    await this.#idle.run({ x: new Float32Array(1) });
    this.#calls.push(this.#meter.callsOfEach);
  }

  /** Ends the training. @returns what the nodes of each program took in the middle updates, by its name */
  async finish(): Promise<Map<string, ProgramNodeTimes>> {
    await this.#training.shard.close();
    // Each session writes its file when it is let go.
    await this.#meter.dispose();
    const files = readdirSync(this.#folder);
    const sessions = this.#names.map((name, index) => {
      const file = files.find((one) => one.startsWith(prefixOf(index)))!;
      const events = parseJson(readText(join(this.#folder, file))) as ProfileEvent[];
      return profiledRuns(name, events);
    });
    const updates = this.#calls
      .slice(1)
      .map((after, update) =>
        sessions.flatMap((runs, i) => runs.slice(this.#calls[update]![i], after[i])),
      );
    return nodesOfMiddle(updates, idle.name);
  }

  /** Removes its files. */
  discard(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The beginning of the name of a program's file. */
const prefixOf = (index: number): string => `program-${index}-`;
