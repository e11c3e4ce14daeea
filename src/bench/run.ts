import { availableParallelism, cpus } from 'node:os';
import type { PresetName } from '../../agent/config.ts';
import type { EngineName } from '../../agent/engines/engine.ts';
import { VERSION } from '../common/version.ts';
import type { WorldChoice } from '../plugins/worlds.ts';
import { type RatedProgramsResult, withRates } from './computing-rate.ts';
import { type EngineResult, engineFramesPerSecond } from './engines.ts';
import { Yardstick } from './matmul.ts';
import type { Spread } from './measure.ts';
import type { ProgramsResult } from './programs.ts';
import { programsInThread } from './programs-thread.ts';
import type { Section } from './sections.ts';
import { type SlowWorldsResult, slowWorldStepsPerSecond } from './slow-worlds.ts';
import { type TrainingResult, trainingFramesPerSecond } from './training.ts';
import { nameOfWorld } from './world-name.ts';
import { type WorldStepsResult, worldStepsPerSecond } from './world-steps.ts';

export interface BenchmarkSettings {
  readonly sections: readonly Section[];
  /** For how long each figure is measured. */
  readonly seconds: number;
  /** The world that is stepped and trained in. */
  readonly world: WorldChoice;
  /** The worlds that trainings are compared in. */
  readonly trainingWorlds: readonly WorldChoice[];
  /** The engine of the yardstick and of the training. */
  readonly fastest: EngineName;
  /** Those whose acting and learning are measured. */
  readonly engines: readonly EngineName[];
  readonly presets: readonly PresetName[];
  /** Threads of the larger of two trainings, the other having one, and of worlds that are slow. */
  readonly threads: number;
}

/** What `timegrid bench --json` prints; a section that was not asked for is absent. */
export interface BenchmarkResult {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly platform: string;
    readonly node: string;
    readonly timegrid: string;
  };
  /** The yardstick that other machines' figures are put in proportion by: milliseconds of a 256 × 256 × 256 product. */
  readonly matmul: Omit<Spread, 'runs'> & { readonly engine: EngineName };
  readonly worlds?: WorldStepsResult;
  readonly slowWorlds?: SlowWorldsResult;
  readonly engines?: readonly EngineResult[];
  readonly training?: readonly TrainingResult[];
  readonly programs?: readonly RatedProgramsResult[];
}

/**
 * Measures one thing after another, and the yardstick between them.
 * @param onProgress called with each thing before it is measured
 * @throws EngineUnavailable; Failure where a training's process fails
 */
export async function runBenchmarks(
  {
    sections,
    seconds,
    world,
    trainingWorlds,
    fastest,
    engines,
    presets,
    threads,
  }: BenchmarkSettings,
  onProgress: (what: string) => void = () => {},
): Promise<BenchmarkResult> {
  const yardstick = await Yardstick.load(fastest);
  const next = async (what: string): Promise<void> => {
    onProgress(what);
    await yardstick.measure(seconds / 10);
  };
  await next('the yardstick');

  let worlds: WorldStepsResult | undefined;
  let slowWorlds: SlowWorldsResult | undefined;
  if (sections.includes('worlds')) {
    await next('the steps of worlds');
    worlds = worldStepsPerSecond({ ...world, seconds: seconds / 5 });
    await next(`the steps of slow worlds, threads 1 and ${threads}`);
    slowWorlds = await slowWorldStepsPerSecond(threads, { seconds });
  }
  const engineResults: EngineResult[] = [];
  for (const preset of sections.includes('engines') ? presets : []) {
    for (const engine of engines) {
      await next(`acting and learning, preset ${preset}, engine ${engine}`);
      engineResults.push(await engineFramesPerSecond(engine, preset, world, { seconds }));
    }
  }
  const trainings: TrainingResult[] = [];
  for (const preset of sections.includes('training') ? presets : []) {
    for (const place of trainingWorlds) {
      for (const count of new Set([1, threads])) {
        await next(`training, preset ${preset}, ${nameOfWorld(place)}, threads ${count}`);
        const request = { engine: fastest, preset, world: place, threads: count, seconds };
        trainings.push(await trainingFramesPerSecond(request));
      }
    }
  }
  const programs: ProgramsResult[] = [];
  for (const preset of sections.includes('programs') ? presets : []) {
    await next(`what an update consists of, preset ${preset}`);
    programs.push(await programsInThread({ engine: fastest, preset, world, seconds }));
  }
  await yardstick.measure(seconds / 10);
  const { milliseconds } = yardstick;
  await yardstick.dispose();
  return {
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      platform: `${process.platform}-${process.arch}`,
      node: process.version,
      timegrid: VERSION,
    },
    matmul: { engine: fastest, ...milliseconds },
    ...(worlds ? { worlds } : {}),
    ...(slowWorlds ? { slowWorlds } : {}),
    ...(engineResults.length > 0 ? { engines: engineResults } : {}),
    ...(trainings.length > 0 ? { training: trainings } : {}),
    ...(programs.length > 0
      ? { programs: programs.map((one) => withRates(one, milliseconds.median)) }
      : {}),
  };
}
